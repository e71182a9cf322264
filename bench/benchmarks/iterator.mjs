import assert from 'node:assert/strict';
import { MessageStream } from '../../dist/index.js';
import { CHUNKS, fetchOf, textInput } from '../harness/inputs.mjs';
import { race } from '../harness/race.mjs';
import { rowsOf } from '../harness/rows.mjs';

export const title = `Against an iterator by hand over the same body, Node ${process.version}`;

export const modes = {
  full: { rounds: 25, deltas: 10_000 },
  smoke: { rounds: 7, deltas: 10_000 },
};

const HAND = 'iterator by hand';
const TARGET = 1.7;

const WAYS = {
  'for await': async (response) => textOf(MessageStream.from(response)),
  textStream: async (response) => {
    let text = '';
    for await (const piece of MessageStream.from(response).textStream) text += piece;
    return text;
  },
  getFinalText: (response) => MessageStream.from(response).getFinalText(),
  "on('text', (delta) => …)": async (response) => {
    let text = '';
    const add = (delta) => {
      text += delta;
    };
    await MessageStream.from(response).on('text', add).untilDone();
    return text;
  },
};

export async function run({ rounds, deltas }) {
  const input = textInput(deltas);
  const rows = [];
  for (const cut of ['64 KiB a chunk', '1 event a chunk']) {
    const fetch = fetchOf(CHUNKS[cut](input));
    const candidates = { [HAND]: async () => textOf(new ByHand(await fetch())) };
    for (const [way, read] of Object.entries(WAYS)) {
      candidates[way] = async () => read(await fetch());
    }
    const check = (text, name) => assert.equal(text, input.text, name);
    const { [HAND]: hand, ...times } = await race(candidates, { rounds, check });
    for (const [way, ms] of Object.entries(times)) {
      rows.push(
        ...rowsOf(
          { millrace: ms, [HAND]: hand },
          {
            what: `${way}, ${cut}`,
            unit: 'ns an event',
            value: (cost) => (cost * 1e6) / input.events.length,
            targets: { [HAND]: TARGET },
          },
        ),
      );
    }
  }
  return rows;
}

async function textOf(events) {
  let text = '';
  for await (const { delta } of events) text += delta?.text ?? '';
  return text;
}

const DELTA =
  /^\{"type":"content_block_delta","index":(\d+),"delta":\{"type":"text_delta","text":("[^"\\]*")\}\}$/;

/** The least that gives the events of a body: no limits, no clocks, no errors, no message. */
class ByHand {
  #reader;
  #decoder = new TextDecoder();
  #text = '';
  #at = 0;

  constructor({ body }) {
    this.#reader = body.getReader();
  }

  [Symbol.asyncIterator]() {
    return this;
  }

  next() {
    const value = this.#take();
    return value === undefined ? this.#more() : Promise.resolve({ done: false, value });
  }

  #take() {
    const end = this.#text.indexOf('\n\n', this.#at);
    if (end === -1) return undefined;
    const data = this.#text.slice(this.#text.indexOf('data: ', this.#at) + 6, end);
    this.#at = end + 2;
    const [, index, literal] = DELTA.exec(data) ?? [];
    if (literal === undefined) return JSON.parse(data);
    const delta = { type: 'text_delta', text: literal.slice(1, -1) };
    return { type: 'content_block_delta', index: Number(index), delta };
  }

  async #more() {
    for (;;) {
      const { done, value } = await this.#reader.read();
      if (done) return { done, value };
      this.#text = this.#text.slice(this.#at) + this.#decoder.decode(value, { stream: true });
      this.#at = 0;
      const event = this.#take();
      if (event !== undefined) return { done, value: event };
    }
  }
}
