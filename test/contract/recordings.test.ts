import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Anthropic } from '../../src/client.js';
import { MessageStream } from '../../src/stream/message-stream.js';
import type { AnyMessage } from '../../src/wire/beta.js';
import { type RawServer, rawServer } from '../support/raw-server.js';
import { inPieces, onTheWire, recordings, type Span } from '../support/recordings.js';
import { PARAMS } from './run.js';

const spans = recordings();
const lineEnds = { LF: '\n', CRLF: '\r\n', CR: '\r' };
const sizes = [Number.POSITIVE_INFINITY, 1, 7, 61];

const bodyOf = (span: Span, lineEnd: string): Uint8Array =>
  new TextEncoder().encode(onTheWire(span.payloads, lineEnd));

/** What a span is to be: the text of its deltas, and the message, or the error in its place. */
async function check(stream: MessageStream<AnyMessage>, span: Span): Promise<void> {
  const deltas = span.payloads.map((payload) => JSON.parse(payload).delta);
  const text = deltas.map((delta) => (delta?.type === 'text_delta' ? delta.text : '')).join('');
  let streamed = '';
  const reading = (async () => {
    for await (const piece of stream.textStream) streamed += piece;
  })();
  if (span.message === undefined) {
    await expect(reading).rejects.toMatchObject({ name: 'StreamProtocolError' });
    return;
  }
  await reading;
  expect(streamed).toBe(text);
  expect(await stream.getFinalMessage()).toEqual(span.message);
}

let server: RawServer;
let client: Anthropic;
/** Each request names the piece of its body. */
beforeAll(async () => {
  server = await rawServer(({ path }) => {
    const [, index, end, size] = path.split('/');
    const span = spans[Number(index)] as Span;
    const body = bodyOf(span, lineEnds[end as keyof typeof lineEnds]);
    return { body: inPieces(body, Math.min(Number(size), body.length)) };
  });
  client = new Anthropic({ apiKey: 'key', baseURL: server.url, maxRetries: 0 });
});
afterAll(() => server[Symbol.asyncDispose]());

describe.skipIf(spans.length === 0).each(Object.keys(lineEnds))('recordings, %s', (end) => {
  it.each([...spans.entries()].map(([index, span]) => ({ ...span, index, span })))(
    '$name over HTTP, in pieces of any size',
    async ({ index, span }) => {
      for (const size of sizes) {
        const baseURL = `${server.url}/${index}/${end}/${size}`;
        const stream = client.withOptions({ baseURL }).beta.messages.stream(PARAMS);
        await check(stream, span);
      }
    },
  );

  it.each(spans.map((span) => ({ ...span, span })))(
    '$name from a ReadableStream, byte by byte',
    async ({ span }) => {
      const body = bodyOf(span, lineEnds[end as keyof typeof lineEnds]);
      let at = 0;
      const bytes = new ReadableStream<Uint8Array>({
        pull: (controller) => {
          if (at === body.length) controller.close();
          else controller.enqueue(body.subarray(at, ++at));
        },
      });
      await check(MessageStream.from<AnyMessage>(bytes), span);
    },
  );
});
