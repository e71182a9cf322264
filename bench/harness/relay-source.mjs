/* What is relayed: a text that grows at a pace. */
import { setTimeout as sleep } from 'node:timers/promises';

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
  const event = (data) => encoder.encode(`event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`);
  const message = {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'm',
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { input_tokens: 1, output_tokens: 1 },
  };
  yield event({ type: 'message_start', message });
  yield event({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } });
  for await (const text of texts)
    yield event({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } });
  yield event({ type: 'content_block_stop', index: 0 });
  yield event({
    type: 'message_delta',
    delta: { stop_reason: 'end_turn', stop_sequence: null },
    usage: { output_tokens: 9 },
  });
  yield event({ type: 'message_stop' });
}

/** A `fetch` that responds with them. @param texts called for each request. */
export function fetchOf(texts) {
  return async () =>
    new Response(ReadableStream.from(sse(texts())), {
      headers: { 'content-type': 'text/event-stream' },
    });
}
