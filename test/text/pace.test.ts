import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../src/testing/time/manual-clock.js';
import { smooth } from '../../src/text/smooth.js';
import { type Chunk, collect, play, type Script, textsOf, timesOf, wait } from './play.js';

const words = (count: number): string => 'w '.repeat(count);
const burst = (count: number, every: number, size: number): Chunk[] =>
  Array.from({ length: count }, (_, at): Chunk => [at === 0 ? 0 : every, words(size)]);

const gapsOf = (times: readonly number[]): number[] =>
  times.slice(1).map((at, index) => Math.round(at - (times[index] ?? 0)));

const PACES: readonly (readonly [what: string, Chunk[], Script, string[]])[] = [
  ['what comes at once, over the delay', [[0, 'a b c d e f']], {}, times(6, 100)],
  ['a shorter delay, a quicker pace', [[0, 'a b c d e f']], { maxDelay: 100 }, times(6, 20)],
  ['no pause is longer than 100 ms', [[0, 'a b c']], { maxDelay: Infinity }, times(3, 100)],
  ['without a delay nothing waits', [[0, 'a b c']], { maxDelay: 0 }, ['0 a b c']],
  [
    'what comes too late for its pause, at once',
    [
      [0, 'a\n'],
      [700, 'b\n'],
    ],
    { by: 'line' },
    ['0 a', '700 b'],
  ],
  [
    'a busy reader gets what is due in one',
    [[0, 'a b c d e f']],
    { busy: 250 },
    ['0 a', '250 b c', '500 d e f'],
  ],
];

function times(count: number, every: number): string[] {
  return Array.from('abcdef'.slice(0, count), (name, index) => `${index * every} ${name}`);
}

describe('the pace', () => {
  it.each(PACES)('%s', async (_what, chunks, script, expected) => {
    expect(timesOf(await play(chunks, { by: /. /, ...script }))).toEqual(expected);
  });

  it('is that of the source, when that comes in bursts', async () => {
    const { pieces } = await play(burst(20, 300, 10));
    const late = pieces.map(({ at }) => at).filter((at) => at > 1500 && at < 5500);
    const gaps = gapsOf(late);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(25);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(35);
  });

  it('holds nothing back of a source that is even', async () => {
    const chunks = Array.from({ length: 50 }, (): Chunk => [40, 'a\n']);
    const { pieces, arrivals } = await play(chunks, { by: 'line' });
    expect(pieces.map(({ at }) => at)).toEqual(arrivals.map(({ at }) => at));
  });

  it('follows a source that gets quicker', async () => {
    const slow = Array.from({ length: 20 }, (): Chunk => [100, 'a\n']);
    const quick = Array.from({ length: 200 }, (): Chunk => [5, 'a\n']);
    const { pieces, arrivals } = await play([...slow, ...quick], { by: 'line' });
    const end = arrivals.at(-1)?.at ?? 0;
    expect(pieces.at(-1)?.at).toBeLessThanOrEqual(end + 500);
    const gaps = gapsOf(pieces.map(({ at }) => at).slice(100));
    expect(Math.max(...gaps)).toBeLessThanOrEqual(10);
  });

  it('takes any iterable, and reads it once', async () => {
    const clock = new ManualClock();
    const reading = collect(smooth(['a ', 'b'], { clock, maxDelay: 0 }));
    await clock.advance(1);
    expect((await reading).join('')).toBe('a b');
  });
});

describe('backpressure', () => {
  function counted(text: string): { source: () => Generator<string>; reads: () => number } {
    let reads = 0;
    function* source(): Generator<string> {
      for (;;) {
        reads++;
        yield text;
      }
    }
    return { source, reads: () => reads };
  }

  it('reads nothing before the first read, then ahead of a busy reader for maxDelay', async () => {
    const clock = new ManualClock();
    let read = 0;
    async function* source(): AsyncGenerator<string> {
      for (;;) {
        await wait(10, clock);
        read++;
        yield 'word ';
      }
    }
    const reader = smooth(source(), { clock, maxDelay: 200 });
    await clock.advance(1000);
    expect(read).toBe(0);
    const first = reader.next();
    await clock.advance(20);
    expect((await first).value).toBe('word ');
    await clock.advance(10_000);
    expect(read).toBeGreaterThanOrEqual(20);
    expect(read).toBeLessThanOrEqual(23);
    await reader.return?.();
  });

  it.each([
    ['words', 'word '],
    ['a piece without an end', 'word'],
  ])('holds a bounded part of an endless source of %s', async (_what, text) => {
    const clock = new ManualClock();
    const { source, reads } = counted(text);
    const reader = smooth(source(), { clock, maxDelay: Infinity });
    let taken = 0;
    for (let count = 0; count < 20; count++) {
      const { value = '' } = await reader.next();
      taken += value.length;
      expect(reads() * text.length - taken).toBeLessThanOrEqual(16_384 + 2 * text.length);
    }
    expect(taken).toBeGreaterThan(0);
    await reader.return?.();
    expect(clock.pending).toBe(0);
  });

  it('lets a reader that is always busy fall no further behind than maxDelay', async () => {
    const chunks = Array.from({ length: 100 }, (): Chunk => [10, 'word ']);
    const played = await play(chunks, { busy: 90 });
    expect(textsOf(played).join('')).toBe('word '.repeat(100));
    expect(played.arrivals.at(-1)?.at).toBe(1000);
    expect(played.pieces.at(-1)?.at).toBeLessThanOrEqual(1500);
  });
});
