/*
 * What is read: made with the functions that make the tests' inputs, which `build-inputs.mjs` has
 * compiled.
 */
import { inPieces } from '../dist/chunks.js';
import {
  blockStart,
  blockStop,
  delta,
  ENDING,
  messageStart,
  PING,
  sse,
  textBlock,
  textDelta,
} from '../dist/wire.js';

/** The pieces of a text, as a model would write them. */
export const words = (count) => Array.from({ length: count }, (_, n) => `word ${n} `);

/** A message of one text block, with so many deltas: its events as bytes, and its text. */
export function textInput(count, piece) {
  const pieces = piece === undefined ? words(count) : new Array(count).fill(piece);
  const deltas = pieces.map((text) => textDelta(0, text));
  const [start, stop] = textBlock(0);
  return inputOf([messageStart(), PING, start, ...deltas, stop, ...ENDING], pieces.join(''));
}

/** A message of many text blocks of three words. */
export function blocksInput(blocks) {
  const events = Array.from({ length: blocks }, (_, index) => [
    blockStart(index, { type: 'text', text: '' }),
    ...words(3).map((text) => textDelta(index, text)),
    blockStop(index),
  ]);
  const text = words(3).join('').repeat(blocks);
  return inputOf([messageStart(), ...events.flat(), ...ENDING], text);
}

const FRAGMENT = 20;

/** A message of one tool call, its input in fragments of 20 characters. */
export function toolInput(json) {
  const fragments = json.match(new RegExp(`[^]{1,${FRAGMENT}}`, 'g'));
  const block = { type: 'tool_use', id: 'toolu_1', name: 'save', input: {} };
  const deltas = fragments.map((partial_json) =>
    delta(0, { type: 'input_json_delta', partial_json }),
  );
  const events = [messageStart(), blockStart(0, block), ...deltas, blockStop(0), ...ENDING];
  return { ...inputOf(events, ''), fragments, json };
}

/** JSON of about so many characters: a table of small rows, or one long string. */
export const DOCUMENTS = {
  rows: (size) => {
    const rows = [];
    for (let length = 0; length < size; length += JSON.stringify(rows.at(-1)).length + 1) {
      const id = rows.length;
      rows.push({ id, name: `Row number ${id}`, ok: id % 2 === 0, price: id * 1.5 });
    }
    return JSON.stringify({ rows });
  },
  'one string': (size) => {
    const sentence = 'Lorem ipsum dolor sit amet, ';
    return JSON.stringify({ text: sentence.repeat(Math.ceil(size / sentence.length)) });
  },
};

function inputOf(events, text) {
  const frames = events.map((event) => Buffer.from(sse(event)));
  return { events, frames, bytes: Buffer.concat(frames), text };
}

/** Ways in which a network could cut an input. */
export const CHUNKS = {
  '64 KiB a chunk': ({ bytes }) => inPieces(bytes, [65_536]),
  '1 KiB a chunk': ({ bytes }) => inPieces(bytes, [1_024]),
  '1 event a chunk': ({ frames }) => frames,
  '7 bytes a chunk': ({ bytes }) => inPieces(bytes, [7]),
};

/** A `fetch` whose every response has this body, given chunk by chunk as it is read. */
export function fetchOf(chunks) {
  return async () => {
    let at = 0;
    const body = new ReadableStream(
      {
        pull(controller) {
          if (at < chunks.length) controller.enqueue(chunks[at++]);
          else controller.close();
        },
      },
      { highWaterMark: 0 },
    );
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
  };
}
