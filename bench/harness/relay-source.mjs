/* What is relayed: a text that grows at a pace. */
import { setTimeout as sleep } from 'node:timers/promises';
import * as wire from '../dist/wire.js';

export const PARAMS = {
  model: 'm',
  max_tokens: 1_000,
  messages: [{ role: 'user', content: 'Hi' }],
};

/** Texts with the time at which each was made. */
export async function* tokens(count, everyMs) {
  const began = performance.now();
  for (let n = 0; n < count; n++) {
    await sleep(Math.max(0, began + n * everyMs - performance.now()));
    yield `word <${performance.now().toFixed(3)}>`;
  }
}

/** The same as the API sends them, each event as bytes. */
export async function* sse(texts) {
  const encoder = new TextEncoder();
  const bytesOf = (event) => encoder.encode(wire.sse(event));
  const [start, stop] = wire.textBlock(0);
  yield bytesOf(wire.messageStart());
  yield bytesOf(start);
  for await (const text of texts) yield bytesOf(wire.textDelta(0, text));
  for (const event of [stop, ...wire.ENDING]) yield bytesOf(event);
}

/** A `fetch` that responds with them. @param texts called for each request. */
export function fetchOf(texts) {
  return async () =>
    new Response(ReadableStream.from(sse(texts())), {
      headers: { 'content-type': 'text/event-stream' },
    });
}
