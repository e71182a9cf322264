import { Anthropic, MessageStream, type MessageStreamEvent } from '../../../src/index.js';
import { createEmulator, reply } from '../../../src/testing/index.js';
import { BLUE, chip, chipWidth, drawing, FAINT, GREEN, GREY, line, text } from './svg.js';

const LEFT = 150;
/** After how many pieces of text the second reader joins. */
const LATE = 4;

/** Two readers of one stream, one of which comes in the middle: what each of them receives. */
export async function drawLateReaders(): Promise<string> {
  const { first, late } = await receive();
  const places: number[] = [];
  let x = LEFT;
  for (const piece of first) {
    places.push(x);
    x += chipWidth(piece) + 8;
  }
  const joins = (places[LATE] ?? x) - 4;
  const merged = late[0] as string;
  return drawing(760, 170, 'A late reader gets everything so far in one event, then live events', [
    text(16, 48, 'first reader', { bold: true }),
    text(16, 118, 'late reader', { bold: true }),
    ...first.map((piece, i) => chip(places[i] as number, 32, piece)),
    line([joins, 20], [joins, 148], { stroke: GREY, dashed: true }),
    text(joins + 6, 76, 'joins here', { fill: GREY, size: 12 }),
    ...first.slice(0, LATE).map((piece, i) => {
      const center = (places[i] as number) + chipWidth(piece) / 2;
      return line([center, 58], [joins - chipWidth(merged) / 2 - 8, 99], { stroke: FAINT });
    }),
    chip(joins - chipWidth(merged) - 8, 102, merged, GREEN),
    ...late.slice(1).map((piece, i) => chip(places[LATE + i] as number, 102, piece, BLUE)),
    text(joins - 8, 146, 'one event with everything so far', {
      anchor: 'end',
      fill: GREEN,
      size: 12,
    }),
    text(joins + 6, 146, 'then each piece as it arrives', { fill: GREY, size: 12 }),
  ]);
}

/** From a real stream, whose events arrive when the first reader asks for them. */
async function receive(): Promise<{ first: string[]; late: string[] }> {
  const stream = MessageStream.from(oneByOne(await answer()));
  const first: string[] = [];
  let reading: Promise<string[]> | undefined;
  for await (const event of stream) {
    first.push(...pieceOf(event));
    if (first.length !== LATE || reading !== undefined) continue;
    await new Promise<void>((caughtUp) => {
      reading = readAll(stream, caughtUp);
    });
  }
  return { first, late: (await reading) ?? [] };
}

async function answer(): Promise<string> {
  const { fetch } = createEmulator({ replies: [reply.text('The mill turned all night long.')] });
  const stream = new Anthropic({ apiKey: 'test', fetch }).messages.stream({
    model: 'claude-opus-4-8',
    max_tokens: 100,
    messages: [{ role: 'user', content: 'A story' }],
  });
  return stream.toResponse().text();
}

function oneByOne(body: string): ReadableStream<Uint8Array> {
  const events = body.split(/(?<=\n\n)/).values();
  return new ReadableStream(
    {
      pull(controller) {
        const { done, value } = events.next();
        if (done) controller.close();
        else controller.enqueue(new TextEncoder().encode(value));
      },
    },
    { highWaterMark: 0 },
  );
}

async function readAll(
  stream: AsyncIterable<MessageStreamEvent>,
  onText: () => void,
): Promise<string[]> {
  const pieces: string[] = [];
  for await (const event of stream) {
    pieces.push(...pieceOf(event));
    if (pieces.length > 0) onText();
  }
  return pieces;
}

function pieceOf(event: MessageStreamEvent): string[] {
  if (event.type !== 'content_block_delta' || event.delta.type !== 'text_delta') return [];
  return [event.delta.text];
}
