import { AsyncLocalStorage } from 'node:async_hooks';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Anthropic, AnthropicError, type MessageStream } from '../../src/index.js';
import { createEmulator, fault, reply } from '../../src/testing/index.js';
import { ODD_VALUES } from '../support/odd-values.js';
import { failure, idle, PARAMS } from './support.js';

const raised: unknown[] = [];
const note = (reason: unknown): void => void raised.push(reason);
beforeAll(() => void process.on('unhandledRejection', note));
afterAll(() => void process.off('unhandledRejection', note));
afterEach(() => void raised.splice(0));

function open(...faults: Parameters<typeof createEmulator>[0]['faults'] & unknown[]) {
  const emulator = createEmulator({ replies: () => reply.text('Hello there, you.'), faults });
  const client = new Anthropic({ apiKey: 'key', maxRetries: 0, fetch: emulator.fetch });
  return { emulator, client, stream: client.messages.stream(PARAMS) };
}

describe.each(ODD_VALUES)('a listener that throws %s', (_, make) => {
  const listeners: readonly [how: string, listener: () => unknown][] = [
    [
      'at once',
      () => {
        throw make();
      },
    ],
    ['later', () => Promise.reject(make())],
  ];

  it.each(listeners)(
    '%s: the stream goes on, and it is raised as an AnthropicError',
    async (_, f) => {
      const { stream } = open();
      stream.once('text', f);
      expect(await stream.getFinalText()).toBe('Hello there, you.');
      await idle();
      expect(raised).toHaveLength(1);
      expect(raised[0]).toBeInstanceOf(AnthropicError);
      expect((raised[0] as Error).message).toMatch(/^a listener for 'text' threw: /);
    },
  );

  it.each(listeners)('%s: an error listener receives it in place of that', async (_, f) => {
    const { stream } = open();
    const errors: unknown[] = [];
    stream.once('text', f).on('error', (error) => errors.push(error));
    await stream.untilDone();
    await idle();
    expect(errors).toHaveLength(1);
    expect(errors[0]).toBeInstanceOf(AnthropicError);
    expect(raised).toEqual([]);
  });

  it('on a signal that streams share: all of them end', async () => {
    const abort = new AbortController();
    const { client } = open();
    const slow = { ...PARAMS };
    const streams = Array.from({ length: 4 }, () =>
      client.messages.stream(slow, { signal: abort.signal }),
    );
    const ends = streams.map((stream) => failure(stream.getFinalMessage()));
    streams[0]?.on('error', () => {
      throw make();
    });
    streams[1]?.on('end', () => {
      throw make();
    });
    abort.abort(make());
    const errors = (await Promise.all(ends)) as AnthropicError[];
    expect(errors.map(({ name }) => name)).toEqual(Array(4).fill('APIUserAbortError'));
    await idle();
    expect(raised.map((error) => (error as Error).name)).toEqual(Array(2).fill('AnthropicError'));
  });
});

it('an error listener that throws is raised, and stops nothing else', async () => {
  const { stream } = open(fault.cut({ phase: 'text' }));
  const seen: string[] = [];
  stream.on('error', () => {
    throw new Error('mine');
  });
  stream.on('error', () => seen.push('error')).on('end', () => seen.push('end'));
  await failure(stream.getFinalText());
  await idle();
  expect(seen).toEqual(['error', 'end']);
  expect(raised.map((error) => (error as Error).message)).toEqual([
    "a listener for 'error' threw: mine",
  ]);
});

it('an error that a listener received is not raised, also where the listener is gone after it', async () => {
  const { stream } = open(fault.cut({ phase: 'text' }));
  const errors: AnthropicError[] = [];
  stream.on('text', () => {});
  stream.once('error', (error) => errors.push(error));
  await new Promise<void>((resolve) => stream.on('end', () => resolve()));
  await idle();
  expect(errors.map(({ name }) => name)).toEqual(['StreamTruncatedError']);
  expect(raised).toEqual([]);
});

describe('what ends a stream on purpose raises nothing', () => {
  it.each<[what: string, end: (stream: MessageStream, abort: AbortController) => unknown]>([
    ['close()', (stream) => stream.close()],
    ['await using', (stream) => stream[Symbol.asyncDispose]()],
    ['a signal', (_, abort) => abort.abort()],
    ['a signal with a reason', (_, abort) => abort.abort(new Error('enough'))],
  ])('%s', async (_, end) => {
    const abort = new AbortController();
    const { client } = open();
    const stream = client.messages.stream(PARAMS, { signal: abort.signal });
    const ended = new Promise<void>((resolve) => stream.on('end', () => resolve()));
    stream.once('text', () => end(stream, abort));
    await ended;
    await idle();
    expect(raised).toEqual([]);
  });
});

describe('break', () => {
  it.each(['connect', 'retry', 'recover', 'restart', 'error', 'ping', 'end'] as const)(
    'closes the request though a listener for %s was there before',
    async (name) => {
      const emulator = createEmulator({
        replies: () => reply.text('Hello there, you.'),
        pace: { tokensPerSecond: 50 },
      });
      const client = new Anthropic({ apiKey: 'key', fetch: emulator.fetch });
      const stream = client.messages.stream(PARAMS);
      stream.on(name, () => {});
      await idle();
      for await (const event of stream) if (event.type === 'content_block_delta') break;
      await idle();
      expect(stream.currentMessageSnapshot?.stop_reason).toBeNull();
      expect(await emulator.requests[0]?.ended).toBe('left');
      expect(raised).toEqual([]);
    },
  );

  it('does not close it where a listener wants the content', async () => {
    const { stream } = open();
    let text = '';
    stream.on('text', (delta) => {
      text += delta;
    });
    for await (const event of stream) if (event.type === 'content_block_delta') break;
    expect(await stream.getFinalText()).toBe('Hello there, you.');
    expect(text).toBe('Hello there, you.');
  });
});

it('on() and off() in one turn send nothing', async () => {
  const { emulator, stream } = open();
  const listener = (): void => {};
  stream.on('text', listener).off('text', listener).on('end', listener).off('end', listener);
  await idle();
  expect(emulator.requests).toEqual([]);
});

it('a close inside a listener for the complete message changes nothing', async () => {
  const { stream } = open();
  stream.on('message', () => stream.close());
  expect(await stream.getFinalText()).toBe('Hello there, you.');
});

it('listeners run in the async context of their on(), not in that of a reader', async () => {
  const storage = new AsyncLocalStorage<string>();
  const { stream } = open();
  const seen = new Set<string | undefined>();
  storage.run('listener', () => {
    for (const name of ['connect', 'event', 'text', 'message', 'end'] as const) {
      stream.on(name, () => void seen.add(storage.getStore()));
    }
  });
  await storage.run('reader', async () => {
    for await (const _ of stream) seen.add(`read by ${storage.getStore()}`);
  });
  expect([...seen].sort()).toEqual(['listener', 'read by reader']);
});
