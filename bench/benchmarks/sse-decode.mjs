import { createParser } from 'eventsource-parser';
import { EventSourceParserStream } from 'eventsource-parser/stream';
import { Stream } from '../../dist/index.js';
import { SseDecoder } from '../dist/decoder.js';
import { CHUNKS, fetchOf, textInput } from '../harness/inputs.mjs';
import { race } from '../harness/race.mjs';
import { rowsOf } from '../harness/rows.mjs';

export const title = 'SSE decode';

export const modes = {
  full: { rounds: 15, deltas: 10_000, megabyte: 1_048_576 },
  smoke: { rounds: 3, deltas: 5_000, megabyte: 1_048_576 },
};

/** Each counts the characters of the data, which is what is checked. */
const OVER_A_STREAM = {
  millrace: async (chunks) => {
    let length = 0;
    for await (const { data } of Stream.rawEvents(await fetchOf(chunks)())) length += data.length;
    return length;
  },
  'eventsource-parser': async (chunks) => {
    const { body } = await fetchOf(chunks)();
    const events = body
      .pipeThrough(new TextDecoderStream())
      .pipeThrough(new EventSourceParserStream());
    let length = 0;
    for await (const { data } of events) length += data.length;
    return length;
  },
};

const BARE = {
  millrace: async (chunks) => {
    const decoder = new SseDecoder();
    let length = 0;
    for (const chunk of chunks) {
      decoder.push(chunk);
      for (let event = decoder.next(); event !== undefined; event = decoder.next()) {
        length += event.data.length;
      }
    }
    return length;
  },
  'eventsource-parser': async (chunks) => {
    const decoder = new TextDecoder();
    let length = 0;
    const parser = createParser({
      onEvent: ({ data }) => {
        length += data.length;
      },
    });
    for (const chunk of chunks) parser.feed(decoder.decode(chunk, { stream: true }));
    return length;
  },
};

export async function run({ rounds, deltas, megabyte }) {
  const small = textInput(deltas);
  const fewer = textInput(deltas / 5);
  const big = textInput(1, 'x'.repeat(megabyte));
  const shapes = [
    ['1 event a chunk', small, '1 event a chunk'],
    ['7 bytes a chunk', fewer, '7 bytes a chunk'],
    ['64 KiB a chunk', small, '64 KiB a chunk'],
    ['one event of 1 MB', big, '64 KiB a chunk'],
  ];
  const rows = [];
  for (const [shape, input, cut] of shapes) {
    rows.push(
      ...(await compare(`over a stream, ${shape}`, OVER_A_STREAM, input, cut, rounds, 0.8)),
      ...(await compare(`the decoder alone, ${shape}`, BARE, input, cut, rounds)),
    );
  }
  return rows;
}

async function compare(what, decoders, input, cut, rounds, target) {
  const chunks = CHUNKS[cut](input);
  const expected = input.events.reduce((sum, event) => sum + JSON.stringify(event).length, 0);
  const times = await race(
    Object.fromEntries(Object.entries(decoders).map(([name, run]) => [name, () => run(chunks)])),
    {
      rounds,
      check: (length, name) => {
        if (length !== expected) throw new Error(`${name} read ${length} of ${expected}`);
      },
    },
  );
  return rowsOf(times, {
    what,
    unit: 'MB/s',
    value: (ms) => input.bytes.length / 1_000 / ms,
    isRate: true,
    ...(target && { targets: { 'eventsource-parser': target } }),
  });
}
