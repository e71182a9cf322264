import fc from 'fast-check';
import { type CutBy, cutterFor } from '../../src/text/cut-by.js';
import { TextCutter } from '../../src/text/cutter.js';
import type { Chunk } from './play.js';

/*
 * Texts, how they come in chunks and how they are cut: for the properties of both kinds of `smooth`.
 */

const BITS = [
  'a',
  'b',
  ' ',
  '  ',
  '\n',
  '\r\n',
  '.',
  '! ',
  'é',
  'e\u0301',
  '😀',
  '👨‍👩‍👧',
  '🇩🇪',
  '今日',
  '\u200d',
  '\ud83d',
  '\ude00',
];

export const text: fc.Arbitrary<string> = fc
  .array(fc.constantFrom(...BITS), { maxLength: 40 })
  .map((bits) => bits.join(''));
export const sizes: fc.Arbitrary<number[]> = fc.array(fc.integer({ min: 0, max: 7 }), {
  minLength: 1,
  maxLength: 8,
});
export const gaps: fc.Arbitrary<number[]> = fc.array(fc.constantFrom(0, 0, 3, 40, 120, 700, 3000), {
  minLength: 1,
  maxLength: 8,
});
export const by: fc.Arbitrary<CutBy> = fc.constantFrom<CutBy>(
  'word',
  'line',
  'grapheme',
  /\s+/,
  /(?=e)/,
  /./gs,
  {
    minLength: 5,
  },
);
export const delay: fc.Arbitrary<number> = fc.constantFrom(0, 1, 50, 500);

export function chunksOf(whole: string, by: readonly number[], after: readonly number[]): Chunk[] {
  const chunks: Chunk[] = [];
  const steps = by.some((size) => size > 0) ? by : [1];
  for (let at = 0, turn = 0; at < whole.length; turn++) {
    const size = steps[turn % steps.length] ?? 1;
    chunks.push([after[turn % after.length] ?? 0, whole.slice(at, at + size)]);
    at += size;
  }
  return chunks;
}

export function endsOf(pieces: readonly string[]): number[] {
  let end = 0;
  return pieces.map((piece) => {
    end += piece.length;
    return end;
  });
}

/** Where the whole text, in one chunk, is cut. */
export function bordersOf(whole: string, by: CutBy): number[] {
  const cutter = new TextCutter(cutterFor(by));
  return endsOf([...cutter.feed(whole), ...cutter.end()]);
}
