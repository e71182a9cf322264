import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { APIUserAbortError } from '../../src/errors.js';
import type { MessageStream } from '../../src/stream/message-stream.js';
import { textOf } from '../contract/outcome.js';
import { sse, textMessage } from '../contract/wire.js';
import { deferred } from '../support/deferred.js';
import { rawServer, type Script, SEEN } from '../support/raw-server.js';
import { all, BROKEN, clientOf, failure, idle, PARAMS, take, until } from './support.js';

const hello = textMessage('Hello', ' world');
const half = sse(...hello.slice(0, 4));
const open: Script = { body: [half], end: 'hang' };
const reason = new Error('enough');

interface Leaving {
  how: (stream: MessageStream, abort: AbortController) => Promise<unknown>;
  cause?: unknown;
  message: string;
}

const LEFT = 'the reader left the stream before its end';
const CLOSED = 'the stream was closed';
const ABORTED = 'the request was aborted';

const leavings: Readonly<Record<string, Leaving>> = {
  'break in the loop': {
    how: async (stream) => {
      for await (const { type } of stream) if (type === 'content_block_delta') break;
    },
    message: LEFT,
  },
  'break in the loop over the text': {
    how: async (stream) => {
      for await (const _ of stream.textStream) break;
    },
    message: LEFT,
  },
  'a throw in the loop': {
    how: (stream) =>
      failure(
        (async () => {
          for await (const { type } of stream) {
            if (type === 'content_block_delta') throw new Error('mine');
          }
        })(),
      ),
    message: LEFT,
  },
  'close() in the loop': {
    how: (stream) =>
      failure(
        (async () => {
          for await (const { type } of stream) if (type === 'content_block_delta') stream.close();
        })(),
      ),
    message: CLOSED,
  },
  'close() while a reader waits': {
    how: async (stream) => {
      const reader = stream[Symbol.asyncIterator]();
      await take(reader, 3);
      const waiting = failure(reader.next());
      stream.close();
      stream.close();
      expect(await waiting).toBeInstanceOf(APIUserAbortError);
    },
    message: CLOSED,
  },
  'the end of an `await using` block': {
    how: async (stream) => {
      await using mine = stream;
      await take(mine[Symbol.asyncIterator](), 3);
    },
    message: CLOSED,
  },
  'close() in a listener': {
    how: (stream) =>
      new Promise<void>((resolve) => {
        stream.on('end', () => resolve()).on('text', () => stream.close());
      }),
    message: CLOSED,
  },
  'a signal while a reader waits': {
    how: async (stream, abort) => {
      const reader = stream[Symbol.asyncIterator]();
      await take(reader, 3);
      const waiting = failure(reader.next());
      abort.abort(reason);
      expect(await waiting).toBeInstanceOf(APIUserAbortError);
    },
    cause: reason,
    message: ABORTED,
  },
  'a signal while nothing waits': {
    how: async (stream, abort) => {
      await take(stream[Symbol.asyncIterator](), 3);
      abort.abort(reason);
    },
    cause: reason,
    message: ABORTED,
  },
  'a signal whose reason is a word': {
    how: async (stream, abort) => {
      await take(stream[Symbol.asyncIterator](), 3);
      abort.abort('enough');
    },
    cause: 'enough',
    message: ABORTED,
  },
  'a signal without a reason': {
    how: async (stream, abort) => {
      await take(stream[Symbol.asyncIterator](), 3);
      abort.abort();
    },
    cause: expect.objectContaining({ name: 'AbortError' }),
    message: ABORTED,
  },
  'the client of toResponse() leaving': {
    how: async (stream) => {
      const reader = stream.toResponse().body?.getReader();
      for (let i = 0; i < 4; i++) await reader?.read(); // The ping is one.
      await reader?.cancel();
    },
    message: LEFT,
  },
};

describe.each(Object.entries(leavings))('%s', (_, { how, cause, message }) => {
  it('closes the connection, and says so to everybody who comes later', async () => {
    await using server = await rawServer(open);
    const abort = new AbortController();
    const stream = clientOf(server).messages.stream(PARAMS, { signal: abort.signal });
    await how(stream, abort);
    await (await server.exchange()).left;
    const error = (await failure(stream.getFinalMessage())) as APIUserAbortError;
    expect(error).toBeInstanceOf(APIUserAbortError);
    expect(error).toMatchObject({ name: 'APIUserAbortError', requestId: 'req_test' });
    expect(error.message).toBe(`${message} (request req_test, after 5 characters in 1 block)`);
    expect(error.retryable).toBe(false);
    expect(error.cause).toEqual(cause);
    expect(textOf(error.partialMessage?.content ?? [])).toBe('Hello');
    expect(stream.currentMessageSnapshot).toEqual(error.partialMessage);
    expect(await failure(stream.getFinalText())).toBe(error);
    expect(await failure(stream.untilDone())).toBe(error);
    expect(await until(stream.textStream)).toEqual({ seen: ['Hello'], error });
    expect((await stream.response).status).toBe(200);
    expect(getEventListeners(abort.signal, 'abort')).toEqual([]);
  });
});

describe('break', () => {
  it('is quiet: no error listener is told, the end is', async () => {
    await using server = await rawServer(open);
    const stream = clientOf(server).messages.stream(PARAMS);
    const told: string[] = [];
    const reader = stream[Symbol.asyncIterator]();
    const reading = reader.next();
    stream.on('error', () => told.push('error')).once('connect', () => told.push('connect'));
    await reading;
    const ended = deferred();
    stream.on('end', ended.resolve);
    await reader.return?.();
    await ended.promise;
    stream.on('error', () => told.push('late error'));
    await idle();
    expect(told).toEqual(['connect']);
    await (await server.exchange()).left;
  });

  it('goes on for others: a listener, a final message', async () => {
    await using server = await rawServer({ body: [half, SEEN, sse(...hello.slice(4))] });
    const stream = clientOf(server).messages.stream(PARAMS);
    const final = stream.getFinalText();
    for await (const _ of stream) break;
    (await server.exchange()).seen();
    expect(await final).toBe('Hello world');
  });
});

describe('after the end', () => {
  it('close() and a signal change nothing', async () => {
    await using server = await rawServer({ body: [sse(...hello)] });
    const abort = new AbortController();
    const stream = clientOf(server).messages.stream(PARAMS, { signal: abort.signal });
    const message = await stream.getFinalMessage();
    const told: unknown[] = [];
    stream.on('error', (error) => told.push(error));
    abort.abort(reason);
    stream.close();
    await idle();
    expect(await stream.getFinalMessage()).toBe(message);
    expect(await all(stream.textStream)).toEqual(['Hello world']);
    expect(told).toEqual([]);
  });

  it('with an error, close() and a signal do not replace the error', async () => {
    await using server = await rawServer({ body: [sse(...BROKEN)] });
    const abort = new AbortController();
    const stream = clientOf(server).messages.stream(PARAMS, { signal: abort.signal });
    const error = await failure(stream.untilDone());
    abort.abort(reason);
    stream.close();
    expect(error).toMatchObject({ name: 'OverloadedError' });
    expect(await failure(stream.untilDone())).toBe(error);
  });
});

describe('before the request', () => {
  it('close() ends the stream: nothing is sent, everything rejects', async () => {
    await using server = await rawServer(open);
    const stream = clientOf(server).messages.stream(PARAMS);
    stream.close();
    const error = await failure(stream.getFinalMessage());
    expect(error).toMatchObject({ name: 'APIUserAbortError', partialMessage: undefined });
    expect(await failure(stream.connect())).toBe(error);
    expect(await failure(stream.response)).toBe(error);
    expect(await failure(all(stream))).toBe(error);
    expect(server.exchanges).toHaveLength(0);
  });

  it('close() while connect() waits rejects it', async () => {
    await using server = await rawServer({ status: 'none', end: 'hang' });
    const stream = clientOf(server).messages.stream(PARAMS);
    const failed = failure(stream.connect());
    const { left } = await server.exchange();
    stream.close();
    expect(await failed).toMatchObject({ name: 'APIUserAbortError' });
    await left;
  });
});
