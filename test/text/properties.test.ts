import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ManualClock } from '../../src/testing/time/manual-clock.js';
import { type CutBy, cutterFor } from '../../src/text/cut-by.js';
import { TextCutter } from '../../src/text/cutter.js';
import { smooth } from '../../src/text/smooth.js';
import { bordersOf, by, chunksOf, delay, endsOf, gaps, sizes, text } from './arbitraries.js';
import { collect, play, textsOf, wait } from './play.js';

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

describe('for every text, in every chunking, at every pace', () => {
  it('nothing is changed, and no timer is left', async () => {
    await fc.assert(
      fc.asyncProperty(text, sizes, gaps, by, delay, async (whole, sizes, gaps, by, maxDelay) => {
        const played = await play(chunksOf(whole, sizes, gaps), { by, maxDelay });
        expect(textsOf(played).join('')).toBe(whole);
        expect(textsOf(played)).not.toContain('');
        expect(played).toMatchObject({ pending: 0, error: undefined });
      }),
    );
  });

  it('an error takes no text with it', async () => {
    const error = new Error('broken');
    await fc.assert(
      fc.asyncProperty(text, sizes, gaps, by, async (whole, sizes, gaps, by) => {
        const played = await play(chunksOf(whole, sizes, gaps), { by, error });
        expect(textsOf(played).join('')).toBe(whole);
        expect(played).toMatchObject({ pending: 0, error });
      }),
    );
  });

  it('cuts are where they are in the whole text', async () => {
    await fc.assert(
      fc.asyncProperty(text, sizes, by, async (whole, sizes, by) => {
        const played = await play(chunksOf(whole, sizes, [3]), { by });
        const borders = bordersOf(whole, by);
        expect(borders).toEqual(expect.arrayContaining(endsOf(textsOf(played))));
      }),
    );
  });

  it('no grapheme is cut, whatever the pattern', async () => {
    await fc.assert(
      fc.asyncProperty(text, sizes, by, async (whole, sizes, by) => {
        const played = await play(chunksOf(whole, sizes, [3]), { by });
        const units = Array.from(graphemes.segment(whole), ({ segment }) => segment);
        expect(endsOf(units)).toEqual(expect.arrayContaining(endsOf(textsOf(played))));
      }),
    );
  });

  it('nothing is out later than maxDelay, but an emoji that may grow', async () => {
    const plain = text.map((whole) => whole.replace(/[^\n-\u052f今日]/gu, ''));
    await fc.assert(
      fc.asyncProperty(plain, sizes, gaps, by, delay, async (whole, sizes, gaps, by, maxDelay) => {
        const played = await play(chunksOf(whole, sizes, gaps), { by, maxDelay });
        let start = 0;
        for (const { at, text } of played.pieces) {
          const came = played.arrivals.find(({ end }) => end > start)?.at ?? Infinity;
          expect(at - came).toBeLessThanOrEqual(maxDelay + 1e-6);
          start += text.length;
        }
      }),
    );
  });
});

it('leaving at any moment waits for nothing, leaves no timer and closes the source once', async () => {
  const moment = fc.integer({ min: 0, max: 3000 });
  await fc.assert(
    fc.asyncProperty(text, sizes, gaps, by, moment, async (whole, sizes, gaps, by, moment) => {
      const clock = new ManualClock();
      const chunks = chunksOf(whole, sizes, gaps);
      let returns = 0;
      const source: AsyncIterableIterator<string> = {
        [Symbol.asyncIterator]: () => source,
        next: async () => {
          const [after, value] = chunks.shift() ?? [1e6, ''];
          if (after > 0) await wait(after, clock);
          return { done: false, value };
        },
        return: async () => {
          returns++;
          return { done: true, value: undefined };
        },
      };
      const reader = smooth(source, { by, clock });
      // Three that read at once, and read on.
      const readers = [1, 2, 3].map(() => collect({ [Symbol.asyncIterator]: () => reader }));
      await clock.advance(0);
      await clock.advance(moment);
      await reader.return?.();
      const pieces = await Promise.all(readers);
      expect(whole.length).toBeGreaterThanOrEqual(pieces.flat().join('').length);
      // The source's own, if it was at work.
      expect(clock.pending).toBeLessThanOrEqual(1);
      await clock.advance(1e7);
      expect([clock.pending, returns]).toEqual([0, 1]);
    }),
  );
});

describe('the work', () => {
  afterEach(() => vi.restoreAllMocks());

  /** Counts the code units that a method of all segmenters, or all patterns, is given. */
  function counted(): { segmented: number; searched: number } {
    const work = { segmented: 0, searched: 0 };
    const { segment } = Intl.Segmenter.prototype;
    vi.spyOn(Intl.Segmenter.prototype, 'segment').mockImplementation(function (
      this: Intl.Segmenter,
      input,
    ) {
      work.segmented += input.length;
      return segment.call(this, input);
    });
    const { exec } = RegExp.prototype;
    vi.spyOn(RegExp.prototype, 'exec').mockImplementation(function (this: RegExp, input) {
      work.searched += input.length;
      return exec.call(this, input);
    });
    return work;
  }

  const LONG = 20_000;
  type Work = readonly [segmented: number, searched: number];
  const TEXTS: readonly (readonly [what: string, whole: string, by: CutBy, perUnit: Work])[] = [
    ['a word without an end', 'é'.repeat(LONG), 'word', [2, 10]],
    ['a line without an end', 'é'.repeat(LONG), 'line', [2, 10]],
    ['many words', 'wörd '.repeat(LONG / 5), 'word', [2, 10]],
    ['emoji', '👨‍👩‍👧'.repeat(LONG / 8), 'grapheme', [9, 20]],
    ['a letter with accents', `e${'\u0301'.repeat(LONG)}`, 'grapheme', [5, 10]],
    ['plain text, not segmented at all', 'word '.repeat(LONG / 5), 'word', [0, 10]],
    ['a pattern that never matches', 'a'.repeat(LONG), /\n/, [0, 20]],
    ['a pattern that always matches', 'a'.repeat(LONG), /a/, [0, 10]],
  ];

  it.each(TEXTS)('is linear, unit by unit: %s', (_what, whole, by, [segmented, searched]) => {
    const work = counted();
    const cutter = new TextCutter(cutterFor(by));
    const pieces = whole.split('').flatMap((unit) => cutter.feed(unit));
    expect([...pieces, ...cutter.end()].join('')).toBe(whole);
    expect(work.segmented / whole.length).toBeLessThanOrEqual(segmented);
    expect(work.searched / whole.length).toBeLessThanOrEqual(searched);
  });
});
