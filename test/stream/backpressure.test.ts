import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { MessageStream } from '../../src/stream/message-stream.js';
import { Stream } from '../../src/stream/stream.js';
import { ENDING, messageStart, sse, textBlock, textDelta, textMessage } from '../contract/wire.js';
import { type RawServer, rawServer } from '../support/raw-server.js';
import { all, clientOf, idle, PARAMS, take } from './support.js';

const MILLION = 1_000_000;
const A_HUNDRED = 100;
/** More than the sockets' buffers on both sides and what we read ahead; the stream is 110 MB. */
const BUFFERS = 8_000_000;

/** A stream of so many deltas, written as there is room for it. */
function* lazily(count: number, text: string): Generator<string> {
  yield sse(messageStart(), ...textBlock(0).slice(0, 1));
  const piece = sse(...Array.from({ length: A_HUNDRED }, () => textDelta(0, text)));
  for (let i = 0; i < count; i += A_HUNDRED) yield piece;
  yield sse(...textBlock(0).slice(1), ...ENDING);
}

const endless = (): Generator<string> => lazily(MILLION, 'word ');

/** Long enough for a server without backpressure: another stream, of more than all buffers, goes by. */
async function meanwhile(): Promise<void> {
  const text = 'x'.repeat(1000);
  await using other = await rawServer({ body: lazily(BUFFERS / text.length, text) });
  let characters = 0;
  for await (const event of await clientOf(other).messages.create({ ...PARAMS, stream: true })) {
    if (event.type !== 'content_block_delta' || event.delta.type !== 'text_delta') continue;
    characters += event.delta.text.length;
  }
  expect(characters).toBe(BUFFERS);
  await idle();
}

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc') as () => void;
/** In bytes. Bytes that were received and not decoded are not in it: `accepted` bounds them. */
function heapUsed(): number {
  gc();
  return process.memoryUsage().heapUsed;
}

type Open = (server: RawServer) => AsyncIterator<unknown> | Promise<AsyncIterator<unknown>>;

const readers: Readonly<Record<string, Open>> = {
  'of events': (server) => clientOf(server).messages.stream(PARAMS)[Symbol.asyncIterator](),
  'of text': (server) =>
    clientOf(server).messages.stream(PARAMS).textStream[Symbol.asyncIterator](),
  'of raw events': async (server) => {
    const stream = await clientOf(server).messages.create({ ...PARAMS, stream: true });
    return stream[Symbol.asyncIterator]();
  },
  'of raw events through fetch': async (server) => {
    const client = clientOf(server, { fetch: (url, init) => fetch(url, init) });
    const stream = await client.messages.create({ ...PARAMS, stream: true });
    return stream[Symbol.asyncIterator]();
  },
  'of events through fetch': (server) =>
    clientOf(server, { fetch: (url, init) => fetch(url, init) })
      .messages.stream(PARAMS)
      [Symbol.asyncIterator](),
  'of toResponse()': (server) =>
    MessageStream.from(clientOf(server).messages.stream(PARAMS).toResponse())[
      Symbol.asyncIterator
    ](),
  'of toReadableStream()': async (server) => {
    const stream = await clientOf(server).messages.create({ ...PARAMS, stream: true });
    return MessageStream.from(stream.toReadableStream())[Symbol.asyncIterator]();
  },
  'of one branch of tee()': async (server) => {
    const stream = await clientOf(server).messages.create({ ...PARAMS, stream: true });
    return stream.tee()[0][Symbol.asyncIterator]();
  },
  'of rawEvents()': async (server) => Stream.rawEvents(await fetch(server.url)),
};

describe.each(Object.entries(readers))('a reader %s that stops at event 100', (name, open) => {
  it('stops the server, keeps the heap flat, and its leaving closes the connection', async () => {
    await using server = await rawServer({ body: endless() });
    const reader = await open(server);
    await take(reader, A_HUNDRED);
    const exchange = await server.exchange();
    const before = heapUsed();
    await meanwhile();
    expect(exchange.accepted).toBeLessThan(BUFFERS);
    expect(heapUsed() - before).toBeLessThan(4_000_000);
    const accepted = exchange.accepted;
    await meanwhile();
    expect(exchange.accepted).toBe(accepted);
    if (name === 'of one branch of tee()') return;
    await reader.return?.();
    await exchange.left;
  });
});

it('a stream that is only connected stops the server too', async () => {
  await using server = await rawServer({ body: endless() });
  const stream = await clientOf(server).messages.stream(PARAMS).connect();
  await meanwhile();
  const exchange = await server.exchange();
  expect(exchange.accepted).toBeLessThan(BUFFERS);
  stream.close();
  await exchange.left;
});

it('a reader that goes on gets all: the server goes on with it', async () => {
  const count = 50_000;
  const pieces = Array(count).fill('word ');
  await using server = await rawServer({ body: [sse(...textMessage(...pieces))] });
  const stream = clientOf(server).messages.stream(PARAMS);
  const reader = stream[Symbol.asyncIterator]();
  await take(reader, A_HUNDRED);
  await meanwhile();
  await all({ [Symbol.asyncIterator]: () => reader });
  expect(await stream.getFinalText()).toHaveLength(5 * count);
});
