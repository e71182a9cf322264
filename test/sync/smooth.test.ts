import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { AnthropicError } from '../../src/errors.js';
import { type SyncSmoothOptions, smooth } from '../../src/sync/smooth.js';
import { bordersOf, by, chunksOf, delay, endsOf, gaps, sizes, text } from '../text/arbitraries.js';
import type { Chunk } from '../text/play.js';

afterEach(() => {
  vi.restoreAllMocks();
});

interface Played {
  pieces: { at: number; text: string }[];
  /** When each chunk came, and how much text had come with it. */
  arrivals: { at: number; end: number }[];
  /** When the source made its reader wait. */
  blocked: { from: number; to: number }[];
  error: unknown;
}

/** Reads a source that gives chunks in its own time, to the end. No real time passes. */
function play(
  chunks: readonly Chunk[],
  options: SyncSmoothOptions & { error?: unknown } = {},
): Played {
  const { error, ...rest } = options;
  const played: Played = { pieces: [], arrivals: [], blocked: [], error: undefined };
  let time = 0;
  const clock = {
    now: () => time,
    wait: (ms: number) => {
      time += ms;
    },
  };

  function* source(): Generator<string, void> {
    let comes = 0;
    let end = 0;
    for (const [after, text] of chunks) {
      comes += after;
      end += text.length;
      played.arrivals.push({ at: comes, end });
      if (time < comes) {
        played.blocked.push({ from: time, to: comes });
        time = comes;
      }
      yield text;
    }
    if (error !== undefined) throw error;
  }

  try {
    for (const text of smooth(source(), { ...rest, clock })) played.pieces.push({ at: time, text });
  } catch (thrown) {
    played.error = thrown;
  }
  return played;
}

const textsOf = ({ pieces }: Played): string[] => pieces.map(({ text }) => text);

describe('for every text, in every chunking, at every pace', () => {
  it('nothing is changed, and cuts are where they are in the whole text', () => {
    fc.assert(
      fc.property(text, sizes, gaps, by, (whole, sizes, gaps, by) => {
        const texts = textsOf(play(chunksOf(whole, sizes, gaps), { by, maxDelay: Infinity }));
        expect(texts.join('')).toBe(whole);
        expect(texts).not.toContain('');
        expect(bordersOf(whole, by)).toEqual(expect.arrayContaining(endsOf(texts)));
      }),
    );
  });

  it('an error takes no text with it', () => {
    const error = new Error('broken');
    fc.assert(
      fc.property(text, sizes, gaps, by, delay, (whole, sizes, gaps, by, maxDelay) => {
        const played = play(chunksOf(whole, sizes, gaps), { by, maxDelay, error });
        expect(textsOf(played).join('')).toBe(whole);
        expect(played.error).toBe(error);
      }),
    );
  });

  it('nothing is out later than maxDelay, but where the source blocked at that time', () => {
    const plain = text.map((whole) => whole.replace(/[^\n-\u052f今日]/gu, ''));
    fc.assert(
      fc.property(plain, sizes, gaps, by, delay, (whole, sizes, gaps, by, maxDelay) => {
        const { pieces, arrivals, blocked } = play(chunksOf(whole, sizes, gaps), { by, maxDelay });
        let start = 0;
        for (const { at, text } of pieces) {
          const came = arrivals.find(({ end }) => end > start)?.at ?? Infinity;
          const due = came + maxDelay;
          const isBlocked = blocked.some(({ from, to }) => from <= due && at <= to + 1e-6);
          expect(at <= due + 1e-6 || isBlocked).toBe(true);
          start += text.length;
        }
      }),
    );
  });
});

describe('the pace', () => {
  it('is even where the source comes in bursts', () => {
    const burst: Chunk[] = [[200, 'a '], ...Array<Chunk>(9).fill([0, 'b '])];
    const { pieces } = play(Array<Chunk[]>(20).fill(burst).flat());
    const gaps = pieces.map(({ at }, n) => at - (pieces[n - 1]?.at ?? at)).slice(60);
    expect(gaps.length).toBeGreaterThan(100);
    expect(Math.max(...gaps)).toBeLessThan(60);
  });

  it('does not fall behind a source that is fast', () => {
    const { pieces, arrivals } = play(Array<Chunk>(500).fill([2, 'word ']));
    const last = arrivals.at(-1)?.at ?? 0;
    expect(pieces.at(-1)?.at).toBeLessThanOrEqual(last + 500);
  });

  it('gives a text that is at hand within maxDelay', () => {
    const words = Array<Chunk>(1000).fill([0, 'word ']);
    expect(play(words, { maxDelay: 300 }).pieces.at(-1)?.at).toBeLessThanOrEqual(300);
  });

  it('blocks this thread in pauses', () => {
    const waits = vi.spyOn(Atomics, 'wait');
    const pause = (): void => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 30);
    function* source(): Generator<string> {
      for (let n = 0; n < 3; n++) {
        pause();
        yield 'one two three ';
      }
    }
    expect([...smooth(source())].join('')).toBe('one two three '.repeat(3));
    const pauses = waits.mock.calls.map(([, , , ms]) => ms as number).filter((ms) => ms !== 30);
    expect(pauses.length).toBeGreaterThan(0);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(100);
  });
});

describe('leaving', () => {
  it.each<[way: string, leave: (reader: ReturnType<typeof smooth>) => void]>([
    ['break', (reader) => [...reader].length],
    ['return()', (reader) => reader.return?.()],
    ['dispose', (reader) => reader[Symbol.dispose]()],
  ])('closes the source, once: %s', (way, leave) => {
    let closed = 0;
    function* source(): Generator<string> {
      try {
        for (;;) yield 'word ';
      } finally {
        closed++;
      }
    }
    const reader = smooth(source());
    reader.next();
    if (way === 'break') for (const _ of reader) break;
    else leave(reader);
    expect(reader.next()).toEqual({ done: true, value: undefined });
    reader.return?.();
    expect(closed).toBe(1);
  });

  it('reads nothing before the first read', () => {
    const read = vi.fn(() => ({ done: true, value: undefined }) as const);
    const reader = smooth({ [Symbol.iterator]: () => ({ next: read }) });
    expect(read).not.toHaveBeenCalled();
    expect([...reader]).toEqual([]);
    expect(read).toHaveBeenCalledOnce();
  });
});

it.each<[name: string, call: () => unknown, message: RegExp]>([
  ['no source', () => smooth(undefined as never), /give it stream\.textStream/],
  ['an async source', () => smooth(awaiting() as never), /use smooth from 'millrace'/],
  ['another word', () => smooth([], { by: 'words' as never }), /"words": give 'word', 'line'/],
  ['a delay below 0', () => smooth([], { maxDelay: -1 }), /maxDelay is -1: give milliseconds/],
  ['what is no text', () => smooth([1] as never).next(), /takes an iterable of strings/],
])('%s is refused', (_, call, message) => {
  expect(call).toThrow(AnthropicError);
  expect(call).toThrow(message);
});

async function* awaiting(): AsyncGenerator<string> {}
