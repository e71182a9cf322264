import { describe, expect, it } from 'vitest';
import { AnthropicError, APIConnectionError, type APIError } from '../../src/errors.js';
import { MessageStream } from '../../src/stream/message-stream.js';
import { Stream } from '../../src/stream/stream.js';
import type { RawMessageStreamEvent } from '../../src/wire/events.js';
import { errorEvent, sse, textMessage } from '../contract/wire.js';
import { rawServer, type Script, SEEN } from '../support/raw-server.js';
import {
  all,
  BROKEN,
  clientOf,
  failure,
  idle,
  PARAMS,
  RICH,
  RICH_TEXT,
  rest,
  take,
  until,
} from './support.js';

type Raw = Stream<RawMessageStreamEvent>;

const open = (server: { url: string }, signal?: AbortSignal): Promise<Raw> =>
  clientOf(server).messages.create({ ...PARAMS, stream: true }, signal && { signal });

const hello = textMessage('Hello', ' world');
const hanging: Script = { body: [sse(...hello.slice(0, 4))], end: 'hang' };

describe('create({ stream: true })', () => {
  it('gives the events as they are on the wire, pings too', async () => {
    await using server = await rawServer({ body: [sse(...RICH)] });
    expect(await all(await open(server))).toEqual(RICH);
  });

  it('knows its response and its request id at once', async () => {
    await using server = await rawServer({
      body: [SEEN, sse(...RICH)],
      headers: { 'x-mine': '1' },
    });
    const opening = clientOf(server)
      .messages.create({ ...PARAMS, stream: true })
      .withResponse();
    (await server.exchange()).seen();
    const { data, response, requestId } = await opening;
    expect([response.status, response.headers.get('x-mine')]).toEqual([200, '1']);
    expect(requestId).toBe('req_test');
    expect(data.requestId).toBe('req_test');
    expect(data.response.headers.get('x-mine')).toBe('1');
    expect(await all(data)).toEqual(RICH);
  });

  it('is there when the headers are, before the first event', async () => {
    await using server = await rawServer({ body: [SEEN, sse(...RICH)] });
    const stream = await open(server);
    (await server.exchange()).seen();
    expect(await all(stream)).toEqual(RICH);
  });

  it('is for one reader: a second one is told of tee()', async () => {
    await using server = await rawServer({ body: [sse(...RICH)] });
    const stream = await open(server);
    await all(stream);
    await expect(all(stream)).rejects.toThrow(/tee\(\)/);
    expect(() => stream.toReadableStream()).toThrow(/tee\(\)/);
  });

  it('that is read already makes no tee(): the branches would lack the past', async () => {
    await using server = await rawServer({ body: [sse(...RICH)] });
    const stream = await open(server);
    await take(stream[Symbol.asyncIterator](), 3);
    expect(() => stream.tee()).toThrow(/tee\(\)/);
  });

  it('throws its error once, after the events', async () => {
    await using server = await rawServer({ body: [sse(...BROKEN)] });
    const reader = (await open(server))[Symbol.asyncIterator]();
    const { seen, error } = await until({ [Symbol.asyncIterator]: () => reader });
    expect(seen).toEqual(BROKEN.slice(0, -1));
    expect(error).toMatchObject({ name: 'OverloadedError', requestId: 'req_test' });
    expect(await reader.next()).toEqual({ done: true, value: undefined });
  });
});

/** Ways to leave a Stream, and what a reader that waits gets. */
const leavings: Readonly<
  Record<string, { leave: (stream: Raw, abort: AbortController) => unknown; cause?: unknown }>
> = {
  'close()': { leave: (stream) => stream.close() },
  'await using': {
    leave: async (stream) => {
      await using mine = stream;
      expect(mine.requestId).toBe('req_test');
    },
  },
  'a signal': { leave: (_, abort) => abort.abort('enough'), cause: 'enough' },
};

describe.each(Object.entries(leavings))('%s', (_, { leave, cause }) => {
  it('ends a reader that waits, and closes the connection', async () => {
    await using server = await rawServer(hanging);
    const abort = new AbortController();
    const stream = await open(server, abort.signal);
    const reader = stream[Symbol.asyncIterator]();
    await take(reader, 4);
    const waiting = failure(reader.next());
    await leave(stream, abort);
    const error = (await waiting) as APIError;
    expect(error).toMatchObject({ name: 'APIUserAbortError', requestId: 'req_test' });
    expect(error.cause).toBe(cause);
    await (await server.exchange()).left;
  });

  it('ends it before it is read', async () => {
    await using server = await rawServer(hanging);
    const abort = new AbortController();
    const stream = await open(server, abort.signal);
    await leave(stream, abort);
    expect(await until(stream)).toMatchObject({ seen: [], error: { name: 'APIUserAbortError' } });
    await (await server.exchange()).left;
  });

  it('after the end changes nothing', async () => {
    await using server = await rawServer({ body: [sse(...hello)] });
    const abort = new AbortController();
    const stream = await open(server, abort.signal);
    const reader = stream[Symbol.asyncIterator]();
    expect(await rest(reader)).toEqual(hello);
    await leave(stream, abort);
    expect(await reader.next()).toEqual({ done: true, value: undefined });
  });
});

it('break closes the connection', async () => {
  await using server = await rawServer(hanging);
  for await (const { type } of await open(server)) if (type === 'content_block_delta') break;
  await expect((await server.exchange()).left).resolves.toBeUndefined();
});

describe('tee()', () => {
  it('gives all events to both branches, at any pace', async () => {
    await using server = await rawServer({ body: [sse(...RICH)] });
    const [fast, slow] = (await open(server)).tee();
    expect(await all(fast)).toEqual(RICH);
    expect(await all(slow)).toEqual(RICH);
    expect(server.exchanges).toHaveLength(1);
  });

  it('gives all events to both when they race', async () => {
    await using server = await rawServer({ body: [sse(...RICH)] });
    expect(await Promise.all((await open(server)).tee().map(all))).toEqual([RICH, RICH]);
  });

  it('knows the response and the request id in both', async () => {
    await using server = await rawServer({ body: [sse(...RICH)] });
    for (const branch of (await open(server)).tee()) {
      expect([branch.requestId, branch.response.status]).toEqual(['req_test', 200]);
    }
  });

  it.each(['return', 'close'] as const)(
    'closes the source when both left by %s, not before',
    async (how) => {
      await using server = await rawServer({
        body: [sse(...hello.slice(0, 4)), SEEN, sse(...hello.slice(4))],
        end: 'hang',
      });
      const branches = (await open(server)).tee();
      const [a, b] = branches.map((branch) => ({ branch, reader: branch[Symbol.asyncIterator]() }));
      if (a === undefined || b === undefined) throw new Error('there are two branches');
      await Promise.all([take(a.reader, 3), take(b.reader, 3)]);
      const leave = ({ branch, reader }: typeof a): unknown =>
        how === 'close' ? branch.close() : reader.return?.();
      await leave(a);
      await idle();
      const exchange = await server.exchange();
      exchange.seen();
      expect(await take(b.reader, 3)).toEqual(hello.slice(3, 6));
      await leave(b);
      await exchange.left;
    },
  );

  it('gives an error to both, after the same events', async () => {
    await using server = await rawServer({ body: [sse(...BROKEN)] });
    const [a, b] = await Promise.all((await open(server)).tee().map(until));
    expect(a?.seen).toEqual(BROKEN.slice(0, -1));
    expect(a?.error).toMatchObject({ name: 'OverloadedError', status: 529 });
    expect(b).toEqual(a);
    expect(b?.error).toBe(a?.error);
  });

  it('is closed in both branches by the stream itself, or its signal', async () => {
    await using server = await rawServer(hanging);
    const abort = new AbortController();
    const branches = (await open(server, abort.signal)).tee();
    const reading = Promise.all(branches.map(until));
    abort.abort('enough');
    for (const { error } of await reading) {
      expect(error).toMatchObject({ name: 'APIUserAbortError', cause: 'enough' });
    }
    await (await server.exchange()).left;
  });

  it('may be done again with a branch', async () => {
    await using server = await rawServer({ body: [sse(...RICH)] });
    const [a, b] = (await open(server)).tee();
    const [c, d] = b.tee();
    expect(await Promise.all([a, c, d].map(all))).toEqual([RICH, RICH, RICH]);
  });
});

describe('toReadableStream()', () => {
  it('gives the bytes that MessageStream.from() reads', async () => {
    await using server = await rawServer({ body: [sse(...RICH)] });
    const bytes = (await open(server)).toReadableStream();
    expect(await new Response(bytes).text()).toBe(sse(...RICH));
    const stream = MessageStream.from((await open(server)).toReadableStream());
    expect(await stream.getFinalText()).toBe(RICH_TEXT);
  });

  it('makes an error an event that fails with the same class', async () => {
    await using server = await rawServer({ body: [sse(...BROKEN)] });
    const stream = MessageStream.from((await open(server)).toReadableStream());
    expect(await failure(stream.getFinalMessage())).toMatchObject({
      name: 'OverloadedError',
      status: 529,
      requestId: 'req_test',
    });
  });

  it('closes the request when it is cancelled', async () => {
    await using server = await rawServer(hanging);
    const reader = (await open(server)).toReadableStream().getReader();
    await reader.read();
    await reader.cancel();
    await expect((await server.exchange()).left).resolves.toBeUndefined();
  });

  it('closes the request when it is cancelled while it waits', async () => {
    await using server = await rawServer(hanging);
    const reader = (await open(server)).toReadableStream().getReader();
    for (let i = 0; i < 4; i++) await reader.read();
    const waiting = reader.read();
    await reader.cancel();
    expect(await waiting).toEqual({ done: true, value: undefined });
    await (await server.exchange()).left;
  });
});

describe('Stream.rawEvents()', () => {
  it('gives the name and the data of each event, undecoded', async () => {
    const body = `${sse(...hello)}event: x\ndata: a\ndata: b\n\ndata:\n\nevent: last\ndata: no json`;
    await using server = await rawServer({ body: [body] });
    const events = await all(Stream.rawEvents(await fetch(server.url)));
    expect(events).toEqual([
      ...hello.map((event) => ({ event: event.type, data: JSON.stringify(event) })),
      { event: 'x', data: 'a\nb' },
      { event: '', data: '' },
      { event: 'last', data: 'no json' },
    ]);
  });

  it('gives error events as they are, and nothing for no body', async () => {
    await using server = await rawServer({ body: [sse(errorEvent('overloaded_error'))] });
    const events = await all(Stream.rawEvents(await fetch(server.url)));
    expect(events).toEqual([
      { event: 'error', data: JSON.stringify(errorEvent('overloaded_error')) },
    ]);
    expect(await all(Stream.rawEvents(new Response(null)))).toEqual([]);
  });

  it.each<[what: string, make: () => unknown]>([
    ['undefined', () => undefined],
    ['a promise of a response', async () => new Response('')],
    ['a string', () => 'data: {}'],
    ['an object', () => ({ status: 200 })],
  ])('refuses %s', async (_, make) => {
    const error = await failure(all(Stream.rawEvents(make() as Response)));
    expect(error).toBeInstanceOf(AnthropicError);
    expect(String(error)).toContain('write Stream.rawEvents(await fetch(url))');
  });

  it('throws an APIConnectionError when the body breaks', async () => {
    await using server = await rawServer({ body: [sse(...hello.slice(0, 2))], end: 'reset' });
    const error = await failure(all(Stream.rawEvents(await fetch(server.url))));
    expect(error).toBeInstanceOf(APIConnectionError);
  });

  it('refuses a response that has a reader', async () => {
    const response = new Response('data: {}\n\n');
    response.body?.getReader();
    const error = await failure(all(Stream.rawEvents(response)));
    expect(error).toBeInstanceOf(AnthropicError);
    expect(String(error)).toContain('has a reader already');
  });

  it('closes the response when its loop is left', async () => {
    await using server = await rawServer(hanging);
    for await (const _ of Stream.rawEvents(await fetch(server.url))) break;
    await expect((await server.exchange()).left).resolves.toBeUndefined();
  });
});
