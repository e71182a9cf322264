import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Anthropic } from '../../src/client.js';
import { AnthropicError } from '../../src/errors.js';
import type { MessageStream } from '../../src/stream/message-stream.js';
import { errorEvent, sse } from '../contract/wire.js';
import { type RawServer, rawServer, type Script } from '../support/raw-server.js';
import { BROKEN, clientOf, failure, idle, PARAMS } from './support.js';

const stray: unknown[] = [];
const note = (reason: unknown): void => void stray.push(reason);
beforeAll(() => void process.on('unhandledRejection', note));
afterAll(() => void process.off('unhandledRejection', note));
afterEach(() => void stray.splice(0));

const failures: Readonly<Record<string, Script>> = {
  'HTTP 400': { status: 400, body: [JSON.stringify(errorEvent('invalid_request_error'))] },
  'an error event': { body: [sse(...BROKEN)] },
  'end of file': { body: [sse(...BROKEN.slice(0, -1))] },
  'a reset': { status: 'none', end: 'reset' },
};

/** Ways to start something and to look away. */
const starts: Readonly<Record<string, (client: Anthropic) => unknown>> = {
  'connect()': (client) => client.messages.stream(PARAMS).connect(),
  response: (client) => client.messages.stream(PARAMS).response,
  'getFinalMessage()': (client) => client.messages.stream(PARAMS).getFinalMessage(),
  'getFinalText()': (client) => client.messages.stream(PARAMS).getFinalText(),
  'untilDone()': (client) => client.messages.stream(PARAMS).untilDone(),
  'next()': (client) => client.messages.stream(PARAMS)[Symbol.asyncIterator]().next(),
  'next() of the text': (client) =>
    client.messages.stream(PARAMS).textStream[Symbol.asyncIterator]().next(),
  'many next() calls': (client) => {
    const reader = client.messages.stream(PARAMS)[Symbol.asyncIterator]();
    return Array.from({ length: 20 }, () => reader.next());
  },
  'on(text) and on(error)': (client) =>
    client.messages
      .stream(PARAMS)
      .on('text', () => {})
      .on('error', () => {}),
  'all of them at once': (client) => {
    const stream = client.messages.stream(PARAMS).on('message', () => {});
    return [stream.connect(), stream.response, stream.getFinalText(), stream.untilDone()];
  },
  'create()': (client) => client.messages.create(PARAMS),
  'create().withResponse()': (client) => client.messages.create(PARAMS).withResponse(),
  'create({ stream })': (client) => client.messages.create({ ...PARAMS, stream: true }),
  'create() of a long answer': (client) =>
    client.messages.create({ ...PARAMS, max_tokens: 64_000 }),
  'countTokens()': (client) => client.messages.countTokens(PARAMS),
};

/** After everything that the first request led to. */
async function settled(server: RawServer): Promise<void> {
  await (await server.exchange()).played;
  await fetch(server.url).then(
    (response) => response.text(),
    () => {},
  );
  await idle();
}

describe.each(Object.entries(failures))('%s', (_, script) => {
  it.each(Object.entries(starts))(
    'of %s that is not awaited is no stray rejection',
    async (_, start) => {
      await using server = await rawServer(script);
      start(clientOf(server));
      await settled(server);
      expect(stray).toEqual([]);
    },
  );

  it.each(Object.entries(starts))('of %s is there when it is awaited late', async (name, start) => {
    await using server = await rawServer(script);
    const started = start(clientOf(server));
    await settled(server);
    if (started instanceof Promise && fails(name, script)) {
      expect(await failure(started)).toBeInstanceOf(AnthropicError);
    } else {
      expect(await started).toBeDefined();
    }
    expect(stray).toEqual([]);
  });
});

describe.each(Object.entries(failures))('%s, with listeners alone', (_, script) => {
  const names = [
    'text',
    'message',
    'event',
    'contentBlock',
    'connect',
    'retry',
    'ping',
    'end',
  ] as const;
  it.each(names)('of %s: is raised once, as an AnthropicError', async (name) => {
    await using server = await rawServer(script);
    const stream = clientOf(server).messages.stream(PARAMS);
    stream.on(name, () => {});
    await settled(server);
    expect(stray).toHaveLength(1);
    expect(stray[0]).toBeInstanceOf(AnthropicError);
    expect(await failure(stream.getFinalMessage())).toBe(stray[0]);
  });

  it.each<[what: string, add: (stream: MessageStream) => unknown]>([
    ['an error listener', (stream) => stream.on('error', () => {})],
    ['a reader', (stream) => stream[Symbol.asyncIterator]().next()],
    ['a reader of text', (stream) => stream.textStream[Symbol.asyncIterator]().next()],
    ['getFinalText()', (stream) => stream.getFinalText()],
    ['untilDone()', (stream) => stream.untilDone()],
    ['a response that was made of it', (stream) => stream.toResponse()],
  ])('is not raised where %s receives it', async (_, add) => {
    await using server = await rawServer(script);
    const stream = clientOf(server).messages.stream(PARAMS);
    stream.on('text', () => {}).on('end', () => {});
    add(stream);
    await settled(server);
    expect(stray).toEqual([]);
  });
});

/** With headers that are good, these have succeeded; `next()` has an event before the failure. */
function fails(name: string, { status = 200 }: Script): boolean {
  const needsHeadersOnly = /^(connect|response|create\(\{ stream|next)/.test(name);
  return status !== 200 || !needsHeadersOnly;
}

describe('a stream that is not used', () => {
  it('a stream sends nothing', async () => {
    await using server = await rawServer({ status: 500 });
    const stream = clientOf(server).messages.stream(PARAMS);
    const made = [stream.textStream, stream[Symbol.asyncIterator](), stream.toResponse()];
    await fetch(server.url);
    await idle();
    expect(made).toHaveLength(3);
    expect(server.exchanges.map(({ path }) => path)).toEqual(['/']);
    expect(stray).toEqual([]);
  });

  it('a refused connection is no stray rejection', async () => {
    const url = `http://127.0.0.1:${await deadPort()}`;
    const stream = clientOf({ url }).messages.stream(PARAMS);
    const ended = new Promise<void>((resolve) => stream.on('end', () => resolve()));
    void stream.getFinalMessage();
    void stream.response;
    await ended;
    await idle();
    expect(stray).toEqual([]);
    expect(await failure(stream.getFinalMessage())).toMatchObject({
      name: 'APIConnectionError',
      cause: { code: 'ECONNREFUSED' },
    });
  });

  it('a stream that is closed or aborted is no stray rejection', async () => {
    await using server = await rawServer({ status: 'none', end: 'hang' });
    const abort = new AbortController();
    const { signal } = abort;
    const client = clientOf(server);
    const streams = [client.messages.stream(PARAMS), client.messages.stream(PARAMS, { signal })];
    for (const stream of streams) {
      void stream.getFinalMessage();
      void stream.connect();
      void stream[Symbol.asyncIterator]().next();
    }
    void client.messages.create(PARAMS, { signal });
    void client.messages.create({ ...PARAMS, stream: true }, { signal });
    const exchanges = await Promise.all([0, 1, 2, 3].map((n) => server.exchange(n)));
    streams[0]?.close();
    abort.abort();
    await Promise.all(exchanges.map(({ left }) => left));
    await idle();
    expect(stray).toEqual([]);
  });
});

/** By hand: no server may listen there, no emulator either. */
async function deadPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
