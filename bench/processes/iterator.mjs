/*
 * Reads one body in memory in each way, and by hand, and tells the median time of each, in milliseconds.
 * Arguments: rounds, deltas.
 */
import assert from 'node:assert/strict';
import { MessageStream } from '../../dist/index.js';
import { CHUNKS, fetchOf, textInput } from '../harness/inputs.mjs';
import { race } from '../harness/race.mjs';

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

const [rounds, deltas] = process.argv.slice(2).map(Number);
const input = textInput(deltas);
const times = {};
for (const cut of ['64 KiB a chunk', '1 event a chunk']) {
  const fetch = fetchOf(CHUNKS[cut](input));
  const candidates = { 'iterator by hand': async () => textOf(new ByHand(await fetch())) };
  for (const [way, read] of Object.entries(WAYS)) {
    candidates[way] = async () => read(await fetch());
  }
  const check = (text, name) => assert.equal(text, input.text, name);
  times[cut] = await race(candidates, { rounds, check });
}
process.send({ times, events: input.events.length });
