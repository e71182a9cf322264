import { Anthropic } from '../../../src/index.js';
import { createEmulator, fault, reply } from '../../../src/testing/index.js';
import { chip, chipWidth, drawing, GREEN, GREY, line, RED, text } from './svg.js';

const LEFT = 150;
const FIRST = 'The mill turned all';
const REST = ' night, and everyone slept.';

/** A stream that breaks in its text and asks for the rest: what each request brought, and what a reader saw. */
export async function drawRecovery(): Promise<string> {
  const { requests, pieces } = await recover();
  const [before = [], after = []] = requests;
  const firsts = row(before, LEFT);
  const seam = firsts.end;
  const seconds = row(after, seam + 14);
  const all = row(pieces, LEFT);
  return drawing(
    760,
    214,
    'A broken stream asks for the rest and joins it to the same text block',
    [
      text(16, 48, 'request 1', { bold: true }),
      ...firsts.places.map(([x, piece]) => chip(x, 32, piece)),
      text(seam + 2, 50, '✕', { fill: RED, size: 18, bold: true }),
      text(seam + 22, 49, 'connection reset', { fill: RED, size: 12 }),
      text(16, 104, 'request 2', { bold: true }),
      text(LEFT, 104, '“continue exactly there”', { fill: GREY, size: 12 }),
      ...seconds.places.map(([x, piece]) => chip(x, 88, piece)),
      line([seam + 6, 62], [seam + 6, 140], { stroke: GREY, dashed: true }),
      text(16, 166, 'your reader', { bold: true }),
      ...all.places.map(([x, piece]) => chip(x, 150, piece, GREEN)),
      text(LEFT, 198, 'one text block, one message, every character once', {
        fill: GREEN,
        size: 12,
      }),
    ],
  );
}

interface Row {
  places: (readonly [x: number, piece: string])[];
  end: number;
}

function row(pieces: readonly string[], from: number): Row {
  const places: Row['places'] = [];
  let end = from;
  for (const piece of pieces) {
    places.push([end, piece]);
    end += chipWidth(piece) + 6;
  }
  return { places, end };
}

/** By the emulator, whose first answer breaks. */
async function recover(): Promise<{ requests: string[][]; pieces: string[] }> {
  const broken = reply.faulty(reply.text(FIRST + REST), fault.reset({ event: 6 }));
  const { fetch } = createEmulator({ replies: [broken, reply.text(REST)] });
  const stream = new Anthropic({ apiKey: 'test', fetch }).messages.stream(
    { model: 'claude-opus-4-8', max_tokens: 100, messages: [{ role: 'user', content: 'A story' }] },
    { recover: true },
  );
  const pieces: string[] = [];
  for await (const piece of stream.textStream) pieces.push(piece);
  const first = pieces.filter((_, i) => pieces.slice(0, i + 1).join('').length <= FIRST.length);
  if (stream.attempts.length !== 2) throw new Error('the stream was not recovered');
  return { requests: [first, pieces.slice(first.length)], pieces };
}
