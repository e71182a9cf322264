import { describe, expect, it, vi } from 'vitest';
import { AnthropicError } from '../../src/errors.js';
import { Anthropic, type MessageStream } from '../../src/index.js';
import { PENDING, toPromise } from '../../src/pull/poll.js';
import { loadChunk } from '../../src/stream/load-chunk.js';
import { LoadingSource } from '../../src/stream/loading-source.js';
import type { EventSource, Next } from '../../src/stream/source.js';
import { createEmulator, reply } from '../../src/testing/index.js';
import { ManualClock } from '../../src/testing/time/manual-clock.js';
import { Deadline } from '../../src/transport/deadline.js';
import { DEFAULT_TIMEOUTS, withTimeout } from '../../src/transport/timeouts.js';
import { all, failure, PARAMS } from '../stream/support.js';
import { deferred } from '../support/deferred.js';

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
  const unlimited = (): Deadline => new Deadline(DEFAULT_TIMEOUTS, new ManualClock(), () => {});
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
    const source = new LoadingSource(
      sourceOf('the request', calls),
      () => {
        calls.push('the code loads');
        return promise;
      },
      unlimited(),
    );
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
    const source = new LoadingSource(sourceOf('the request', calls), () => promise, unlimited());
    source.cancel(new AnthropicError('enough'));
    expect(calls).toEqual(['the request is cancelled']);
    resolve(sourceOf('the whole', calls));
    await next(source);
    source.cancel(new AnthropicError('enough'));
    expect(calls.at(-1)).toBe('the whole is cancelled');
  });
});

describe('code that never loads', () => {
  const forever = new Promise<never>(() => {});

  it.each([
    ['response', 600_000, {}],
    ['response', 20, { response: 20 }],
    ['total', 5_000, { total: 5_000 }],
  ] as const)('is given up by %s after %d ms', async (phase, ms, timeout) => {
    const clock = new ManualClock();
    const deadline = new Deadline(withTimeout(DEFAULT_TIMEOUTS, timeout), clock, () => {});
    const loading = failure(loadChunk('toolRunner', forever, deadline));
    await clock.advance(ms - 1);
    expect(clock.pending).toBe(1);
    await clock.advance(1);
    expect(await loading).toMatchObject({ name: 'APITimeoutError', phase });
    const what = phase === 'total' ? 'not finished' : 'the code for toolRunner did not load';
    expect(((await loading) as Error).message).toContain(`${what} within ${ms / 1_000} s`);
    expect(clock.pending).toBe(0);
  });

  it('leaves no timer where the stream is closed', async () => {
    const clock = new ManualClock();
    const deadline = new Deadline(DEFAULT_TIMEOUTS, clock, () => {});
    const request: EventSource = { connect: () => PENDING, next: () => PENDING, cancel: () => {} };
    const load = (): Promise<EventSource> => loadChunk('recover', forever, deadline);
    const source = new LoadingSource(request, load, deadline);
    source.next(() => {});
    expect(clock.pending).toBe(1);
    source.cancel(new AnthropicError('enough'));
    expect(clock.pending).toBe(0);
  });
});
