import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { Anthropic } from '../../src/client.js';
import type { APIUserAbortError } from '../../src/errors.js';
import type { ClientOptions } from '../../src/options.js';
import type { MessageStream } from '../../src/stream/message-stream.js';
import { errorEvent, messageStart, sse, textMessage } from '../contract/wire.js';
import { all, failure, PARAMS, until } from '../stream/support.js';
import type { Script } from '../support/raw-server.js';
import { NOWHERE } from './faulty-server.js';
import { setting, TRANSPORTS } from './setting.js';

type Transport = keyof typeof TRANSPORTS;

const reason = new Error('enough');
const hello = textMessage('Hello', ' world');
const overloaded = JSON.stringify(errorEvent('overloaded_error'));

/** Where a stream stands when it is left: it waits there, and no time passes. */
interface Phase {
  script: Script;
  options?: (transport: Transport) => ClientOptions;
  /** Requests that have reached the server. */
  requests: number;
  /** The connection is open: the server must see it closed. */
  isOpen?: true;
  /** The usage that is known. */
  usage?: object;
}

const phases: Readonly<Record<string, Phase>> = {
  'while the key is awaited': {
    script: {},
    options: () => ({ apiKey: () => new Promise(() => {}) }),
    requests: 0,
  },
  'while it connects': { script: {}, options: (transport) => NOWHERE[transport], requests: 0 },
  'before the headers': { script: { status: 'none', end: 'hang' }, requests: 1, isOpen: true },
  'before the first event': { script: { end: 'hang' }, requests: 1, isOpen: true },
  'before content': {
    script: { body: [sse(messageStart())], end: 'hang' },
    requests: 1,
    isOpen: true,
    usage: { input_tokens: 10, output_tokens: 1 },
  },
  'in the body of an error': {
    script: { status: 529, body: [overloaded.slice(0, 9)], end: 'hang' },
    requests: 1,
    isOpen: true,
  },
  'during backoff': {
    script: { status: 529, headers: { 'retry-after': '50' }, body: [overloaded] },
    requests: 1,
  },
  'in the middle': {
    script: { body: [sse(...hello.slice(0, 4))], end: 'hang' },
    requests: 1,
    isOpen: true,
    usage: { input_tokens: 10, output_tokens: 1 },
  },
  'after a stop reason': {
    script: { body: [sse(...hello.slice(0, -1))], end: 'hang' },
    requests: 1,
    isOpen: true,
    usage: { input_tokens: 10, output_tokens: 7 },
  },
};

/** How it is left; a way that can be gone twice. */
interface Leaving {
  leave: (stream: MessageStream, reader: AsyncIterator<unknown>, abort: AbortController) => unknown;
  message: string;
  cause?: unknown;
  /** The reader that leaves is not told; others are. */
  isQuiet?: true;
}

const leavings: Readonly<Record<string, Leaving>> = {
  'close()': { leave: (stream) => stream.close(), message: 'the stream was closed' },
  'await using': {
    leave: (stream) => stream[Symbol.asyncDispose](),
    message: 'the stream was closed',
  },
  'a signal': {
    leave: (_stream, _reader, abort) => abort.abort(reason),
    message: 'the request was aborted',
    cause: reason,
  },
  break: {
    leave: (_, reader) => reader.return?.(),
    message: 'the reader left the stream before its end',
    isQuiet: true,
  },
};

/** Reads a stream up to its end, with a reader that can be left. */
function reading(stream: MessageStream): {
  reader: AsyncIterator<unknown>;
  outcome: Promise<{ error: unknown }>;
} {
  const reader = stream[Symbol.asyncIterator]();
  return { reader, outcome: until({ [Symbol.asyncIterator]: () => reader }) };
}

describe.each(Object.keys(TRANSPORTS) as Transport[])('over %s', (transport) => {
  describe.each(Object.entries(leavings))('%s', (_, { leave, message, cause, isQuiet }) => {
    it.each(Object.entries(phases))(
      '%s',
      async (_, { script, options, requests, isOpen, usage }) => {
        await using played = await setting(() => script, {
          ...TRANSPORTS[transport],
          ...options?.(transport),
        });
        const { time, client, server } = played;
        const abort = new AbortController();
        const stream = client.messages.stream(PARAMS, { signal: abort.signal });
        const told: unknown[] = [];
        const { reader, outcome } = reading(stream);
        stream.on('error', (error) => told.push(error));
        const connected = stream.connect().catch((error: unknown) => error);
        await time.quiet();
        expect(server.exchanges).toHaveLength(requests);

        await leave(stream, reader, abort);
        await time.quiet();
        const error = (await failure(stream.getFinalMessage())) as APIUserAbortError;
        expect(error).toMatchObject({ name: 'APIUserAbortError', retryable: false });
        expect(error.reason).toBe(message);
        expect(error.cause).toBe(cause);
        expect(error.partialMessage?.usage).toEqual(usage);
        expect((await outcome).error).toBe(isQuiet ? undefined : error);
        expect(await until(stream.textStream)).toMatchObject({ error });
        const hasHeaders =
          usage !== undefined || (script.end === 'hang' && script.status === undefined);
        expect(await connected).toBe(hasHeaders && requests > 0 ? stream : error);
        expect(told).toEqual(isQuiet ? [] : [error]);

        await leave(stream, reader, abort);
        stream.close();
        abort.abort(new Error('again'));
        await time.quiet();
        expect(await failure(stream.getFinalMessage())).toBe(error);
        expect(told).toHaveLength(isQuiet ? 0 : 1);

        if (isOpen) await server.exchanges[0]?.left;
        expect(server.exchanges).toHaveLength(requests);
        expect(time.clock.pending).toBe(0);
        expect(time.now()).toBe(0);
        expect(getEventListeners(abort.signal, 'abort')).toEqual([]);
      },
    );

    it('before the request: nothing is sent', async () => {
      await using played = await setting(() => ({ end: 'hang' }), TRANSPORTS[transport]);
      const { time, client, server } = played;
      const abort = new AbortController();
      const stream = client.messages.stream(PARAMS, { signal: abort.signal });
      const reader = stream[Symbol.asyncIterator]();
      await leave(stream, reader, abort);
      await leave(stream, reader, abort);
      if (isQuiet) stream.close(); // A reader that never read has not come, so it cannot leave.
      const error = await failure(all(stream));
      expect(error).toMatchObject({ name: 'APIUserAbortError', partialMessage: undefined });
      expect((error as Error).cause).toBe(cause);
      expect(await failure(stream.connect())).toBe(error);
      await time.quiet();
      expect(server.exchanges).toHaveLength(0);
      expect(time.clock.pending).toBe(0);
      expect(getEventListeners(abort.signal, 'abort')).toEqual([]);
    });

    it.each<[string, Script, string | undefined]>([
      ['the end', { body: [sse(...hello)] }, undefined],
      ['the end, the socket left open', { body: [sse(...hello)], end: 'hang' }, undefined],
      [
        'an error',
        { body: [sse(...hello.slice(0, 4), errorEvent('overloaded_error'))] },
        'OverloadedError',
      ],
    ])('after %s: it changes nothing', async (_, script, name) => {
      await using played = await setting(() => script, TRANSPORTS[transport]);
      const { time, client } = played;
      const abort = new AbortController();
      const stream = client.messages.stream(PARAMS, { signal: abort.signal });
      const { reader, outcome } = reading(stream);
      const { error } = await time.pass(outcome);
      expect((error as Error | undefined)?.name).toBe(name);
      const told: unknown[] = [];
      for (let i = 0; i < 2; i++) await leave(stream, reader, abort);
      stream.on('error', (error) => told.push(error));
      await time.quiet();
      expect(await until(stream)).toMatchObject({ error });
      expect(stream.currentMessageSnapshot?.usage.input_tokens).toBe(10);
      expect(told).toEqual(error === undefined ? [] : [error]);
      expect(time.clock.pending).toBe(0);
      expect(getEventListeners(abort.signal, 'abort')).toEqual([]);
    });
  });
});

describe('create() on a signal', () => {
  it.each(Object.entries(phases).filter(([, { usage }]) => usage === undefined))(
    '%s',
    async (_, { script, options, requests, isOpen }) => {
      await using played = await setting(() => script, options?.('node:http'));
      const { time, client, server } = played;
      const abort = new AbortController();
      const failed = failure(client.messages.create(PARAMS, { signal: abort.signal }));
      await time.quiet();
      abort.abort(reason);
      expect(await failed).toMatchObject({ name: 'APIUserAbortError', cause: reason });
      if (isOpen) await server.exchanges[0]?.left;
      expect(server.exchanges).toHaveLength(requests);
      expect(time.clock.pending).toBe(0);
      expect(time.now()).toBe(0);
      expect(getEventListeners(abort.signal, 'abort')).toEqual([]);
    },
  );
});

// By hand: that of the emulator listens.
it('a fetch that does not listen to its signal is left all the same', async () => {
  const client = new Anthropic({ apiKey: 'key', fetch: () => new Promise(() => {}) });
  const stream = client.messages.stream(PARAMS);
  const connected = failure(stream.connect());
  stream.close();
  expect(await connected).toMatchObject({ name: 'APIUserAbortError' });
});
