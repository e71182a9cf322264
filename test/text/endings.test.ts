import { describe, expect, it } from 'vitest';
import { Anthropic } from '../../src/client.js';
import { APIUserAbortError } from '../../src/errors.js';
import { createEmulator, reply } from '../../src/testing/index.js';
import { ManualClock } from '../../src/testing/time/manual-clock.js';
import { smooth } from '../../src/text/smooth.js';
import { collect, play, textsOf, timesOf } from './play.js';

const broken = new Error('broken');

describe('the end', () => {
  it('keeps the pace for what is left', async () => {
    const played = await play([[0, 'a b c d e f']]);
    expect(timesOf(played)).toEqual(['0 a', '100 b', '200 c', '300 d', '400 e', '500 f']);
    expect(played).toMatchObject({ error: undefined, pending: 0 });
  });

  it('gives all text at once before an error', async () => {
    const chunks = [
      [0, 'a b c d '],
      [50, 'e f wo'],
    ] as const;
    const played = await play(chunks, { error: broken });
    expect(timesOf(played)).toEqual(['0 a', '50 b', '50 c d e f wo']);
    expect(played).toMatchObject({ error: broken, pending: 0 });
  });

  it('is an error, also of a source without text', async () => {
    expect(await play([], { error: broken })).toMatchObject({ error: broken, pieces: [] });
  });

  it('throws an error once', async () => {
    async function* source(): AsyncGenerator<string> {
      yield 'a';
      throw broken;
    }
    const reader = smooth(source());
    const reads = [reader.next(), reader.next(), reader.next()];
    expect(await Promise.allSettled(reads)).toEqual([
      { status: 'fulfilled', value: { done: false, value: 'a' } },
      { status: 'rejected', reason: broken },
      { status: 'fulfilled', value: { done: true, value: undefined } },
    ]);
    expect(await reader.next()).toEqual({ done: true, value: undefined });
  });
});

/** A source that keeps what became of it. */
function watched(next: () => Promise<IteratorResult<string>>, end?: () => Promise<never>) {
  let returns = 0;
  const source = {
    [Symbol.asyncIterator]: () => source,
    next,
    return: async () => {
      returns++;
      await end?.();
      return { done: true as const, value: undefined };
    },
  };
  return { source, returns: () => returns };
}

const never = <T>(): Promise<T> => new Promise(() => {});

describe('leaving', () => {
  it('in a pause ends the read at once, closes the source and leaves no timer', async () => {
    const clock = new ManualClock();
    const chunks = ['a b c d '];
    const { source, returns } = watched(async () => {
      const value = chunks.shift();
      return value === undefined ? never() : { done: false, value };
    });
    const reader = smooth(source, { clock });
    expect((await reader.next()).value).toBe('a ');
    const paused = reader.next();
    await clock.advance(1);
    expect(clock.pending).toBe(1);
    expect(await reader.return?.()).toEqual({ done: true, value: undefined });
    expect(await paused).toEqual({ done: true, value: undefined });
    expect([returns(), clock.pending]).toEqual([1, 0]);
    expect(await reader.next()).toEqual({ done: true, value: undefined });
    await reader.return?.();
    expect(returns()).toBe(1);
  });

  it('does not wait for a generator that hangs', async () => {
    async function* source(): AsyncGenerator<string> {
      yield await never<string>();
    }
    const reader = smooth(source());
    const first = reader.next();
    await reader.return?.();
    expect(await first).toEqual({ done: true, value: undefined });
  });

  it('waits for a source that closes, and throws what it throws', async () => {
    const { source } = watched(
      async () => ({ done: false, value: 'a b' }),
      () => Promise.reject(broken),
    );
    const reader = smooth(source, { maxDelay: 0 });
    await reader.next();
    await expect(reader.return?.()).rejects.toBe(broken);
  });

  it('by break closes the source', async () => {
    let isClosed = false;
    function* source(): Generator<string> {
      try {
        for (;;) yield 'word ';
      } finally {
        isClosed = true;
      }
    }
    for await (const word of smooth(source(), { clock: new ManualClock() })) {
      expect(word).toBe('word ');
      break;
    }
    expect(isClosed).toBe(true);
  });

  it('after the end does not close the source again', async () => {
    const { source, returns } = watched(async () => ({ done: true, value: undefined }));
    const reader = smooth(source);
    await reader.next();
    await reader[Symbol.asyncDispose]();
    expect(returns()).toBe(0);
  });
});

describe('a stream', () => {
  const PARAMS = {
    model: 'claude-opus-4-8',
    max_tokens: 1024,
    messages: [{ role: 'user', content: 'Hello' }],
  } as const;
  const text = 'Once upon a time there was a mill by a river. '.repeat(5);

  const streamOf = (signal?: AbortSignal) => {
    const emulator = createEmulator({ replies: [reply.text(text)] });
    const client = new Anthropic({ apiKey: 'test', fetch: emulator.fetch, maxRetries: 0 });
    return client.messages.stream(PARAMS, signal === undefined ? {} : { signal });
  };

  it('is smoothed to its end', async () => {
    const clock = new ManualClock();
    const stream = streamOf();
    const reading = collect(smooth(stream.textStream, { clock }));
    await stream.untilDone();
    await clock.advance(1000);
    const pieces = await reading;
    expect(pieces.join('')).toBe(text);
    expect(pieces.length).toBeGreaterThan(10);
  });

  it('that is left is closed', async () => {
    const stream = streamOf();
    for await (const _ of smooth(stream.textStream)) break;
    await expect(stream.getFinalText()).rejects.toThrow(APIUserAbortError);
  });

  it.each(['close', 'abort'])('ends a pause at once by %s', async (how) => {
    const abort = new AbortController();
    const clock = new ManualClock();
    const stream = streamOf(abort.signal);
    const reader = smooth(stream.textStream, { clock });
    const first = await reader.next();
    const paused = reader.next();
    if (how === 'close') stream.close();
    else abort.abort();
    const rest = await paused.catch((error) => error);
    const error = rest instanceof Error ? rest : await reader.next().catch((thrown) => thrown);
    expect(error).toBeInstanceOf(APIUserAbortError);
    const given = rest instanceof Error ? first.value : `${first.value}${rest.value}`;
    expect(given).toBe(error.partialMessage.content[0].text);
    expect(clock.pending).toBe(0);
  });
});

it('keeps the text of every chunk', async () => {
  const played = await play([
    [5, 'a'],
    [600, ''],
    [5, 'b c'],
  ]);
  expect(textsOf(played).join('')).toBe('ab c');
});
