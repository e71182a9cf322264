import { describe, expect, it, vi } from 'vitest';
import { AnthropicError } from '../../src/errors.js';
import { Anthropic, type MessageStream } from '../../src/index.js';
import { PENDING, toPromise } from '../../src/pull/poll.js';
import { LoadingSource } from '../../src/stream/loading-source.js';
import type { EventSource, Next } from '../../src/stream/source.js';
import { createEmulator, reply } from '../../src/testing/index.js';
import { all, failure, PARAMS } from '../stream/support.js';
import { deferred } from '../support/raw-server.js';

const GONE = new TypeError('Failed to fetch dynamically imported module');

vi.mock('../../src/stream/recover/recovering-source.js', () => {
  throw GONE;
});

describe('where the code for recover does not load', () => {
  const READS: readonly [way: string, read: (stream: MessageStream) => Promise<unknown>][] = [
    ['the events', (stream) => all(stream)],
    ['the text', (stream) => all(stream.textStream)],
    ['getFinalMessage()', (stream) => stream.getFinalMessage()],
    ['an error listener', (stream) => new Promise((_, reject) => stream.on('error', reject))],
  ];

  it.each(READS)(
    '%s end with an error that says so, and the request is closed',
    async (_, read) => {
      const emulator = createEmulator({ replies: [reply.text('Hello there.')] });
      const client = new Anthropic({ apiKey: 'key', fetch: emulator.fetch });
      const stream = client.messages.stream(PARAMS, { recover: true });
      const error = (await failure(read(stream))) as AnthropicError;
      expect(error).toBeInstanceOf(AnthropicError);
      expect(error).toMatchObject({
        message: expect.stringMatching(/^the code for recover did not/),
      });
      expect(error.cause).toBeInstanceOf(Error);
      expect(await failure(stream.getFinalText())).toBe(error);
      expect(await emulator.requests[0]?.ended).toBe('left');
    },
  );

  it('a stream that is only connected has its response, and rejects nothing', async () => {
    const emulator = createEmulator({ replies: [reply.text('Hello there.')] });
    const client = new Anthropic({ apiKey: 'key', fetch: emulator.fetch });
    await using stream = client.messages.stream(PARAMS, { recover: true });
    expect((await stream.response).status).toBe(200);
    await vi.dynamicImportSettled();
  });

  it('a stream that is never used loads nothing, sends nothing and rejects nothing', async () => {
    const emulator = createEmulator({ replies: [reply.text('Hello there.')] });
    const client = new Anthropic({ apiKey: 'key', fetch: emulator.fetch });
    client.messages.stream(PARAMS, { recover: true });
    const plain = client.messages.stream(PARAMS);
    expect(await plain.getFinalText()).toBe('Hello there.');
    expect(emulator.requests).toHaveLength(1);
  });
});

describe('a source that is being loaded', () => {
  const next = (source: EventSource): Promise<Next> => toPromise<Next>((wake) => source.next(wake));

  const sourceOf = (name: string, calls: string[]): EventSource => ({
    connect: () => {
      calls.push(`${name} connects`);
      return PENDING;
    },
    next: () => {
      calls.push(`${name} reads`);
      return undefined;
    },
    cancel: () => void calls.push(`${name} is cancelled`),
  });

  it('sends the request meanwhile, once, and is read when it is there', async () => {
    const calls: string[] = [];
    const { promise, resolve } = deferred<EventSource>();
    const source = new LoadingSource(sourceOf('the request', calls), () => {
      calls.push('the code loads');
      return promise;
    });
    const first = next(source);
    expect(calls).toEqual(['the code loads', 'the request connects']);
    resolve(sourceOf('the whole', calls));
    await first;
    await next(source);
    expect(calls.slice(2)).toEqual(['the whole reads', 'the whole reads']);
  });

  it('is cancelled before and after', async () => {
    const calls: string[] = [];
    const { promise, resolve } = deferred<EventSource>();
    const source = new LoadingSource(sourceOf('the request', calls), () => promise);
    source.cancel(new AnthropicError('enough'));
    expect(calls).toEqual(['the request is cancelled']);
    resolve(sourceOf('the whole', calls));
    await next(source);
    source.cancel(new AnthropicError('enough'));
    expect(calls.at(-1)).toBe('the whole is cancelled');
  });
});
