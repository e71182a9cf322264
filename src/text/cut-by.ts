import { AnthropicError } from '../errors.js';
import { CutAtMatches } from './cut-at-matches.js';
import { CutBetween, type EndsAfter } from './cut-between.js';
import type { Cutter } from './cutter.js';

/** Pieces of a least length that end at punctuation. */
export interface MinLength {
  /** In UTF-16 code units, as `length` of a string. */
  minLength: number;
  /** The characters that end a piece once it is long enough. Default: `.!?…。！？` and the line feed. */
  punctuation?: string | undefined;
}

/**
 * Where a text is cut.
 * - `'word'`: before each word; the space after a word belongs to it. In scripts that put no space
 *   between words (Chinese, Japanese, Thai, …) each grapheme counts as a word.
 * - `'line'`: after each line feed.
 * - `'grapheme'`: after each character as a reader sees it (`Intl.Segmenter`).
 * - a RegExp: after each match; at it where the match is empty.
 * - `{ minLength, punctuation }`: at the first punctuation from a least length on.
 */
export type CutBy = 'word' | 'line' | 'grapheme' | RegExp | MinLength;

/** @throws {AnthropicError} for anything else. */
export function cutterFor(by: CutBy): Cutter {
  if (by instanceof RegExp) return new CutAtMatches(by);
  const endsAfter = typeof by === 'string' ? RULES.get(by) : byLength(by);
  if (endsAfter !== undefined) return new CutBetween(endsAfter);
  throw new AnthropicError(
    `cannot cut by ${JSON.stringify(by)}: give 'word', 'line', 'grapheme', a RegExp or { minLength: 40 }`,
  );
}

const RULES: ReadonlyMap<string, EndsAfter> = new Map<string, EndsAfter>([
  ['grapheme', () => true],
  ['line', (grapheme) => grapheme.endsWith('\n')],
  ['word', (grapheme, next) => next !== undefined && beginsWord(grapheme, next)],
]);

const SPACE = /^\s+$/;
const SPACE_OR_PUNCTUATION = /^[\s\p{P}]/u;
const SPACELESS =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

function beginsWord(before: string, grapheme: string): boolean {
  if (SPACE.test(before)) return !SPACE.test(grapheme);
  const isSpaceless = SPACELESS.test(before) || SPACELESS.test(grapheme);
  return isSpaceless && !SPACE_OR_PUNCTUATION.test(grapheme);
}

const PUNCTUATION = '.!?…。！？\n';

function byLength(by: MinLength | null): EndsAfter | undefined {
  const { minLength, punctuation = PUNCTUATION } = by ?? {};
  if (typeof minLength !== 'number' || !(minLength >= 0)) return undefined;
  const ends = new Set(punctuation);
  // \r\n is one grapheme.
  return (grapheme, _next, length) => length >= minLength && ends.has(grapheme.at(-1) ?? '');
}
