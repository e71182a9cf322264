import { describe, expect, it } from 'vitest';
import { AnthropicError } from '../../src/errors.js';
import type { CutBy } from '../../src/text/cut-by.js';
import { smooth } from '../../src/text/smooth.js';
import { play, textsOf } from './play.js';

const FAMILY = '👨‍👩‍👧';

/** Chunks, and the pieces that come of them. */
const CUTS: readonly (readonly [what: string, by: CutBy, chunks: string[], pieces: string[]])[] = [
  ['words with their space', 'word', ['Hel', 'lo  wor', 'ld, all'], ['Hello  ', 'world, ', 'all']],
  ['the space before the first', 'word', [' ', 'a b'], [' ', 'a ', 'b']],
  ['a line feed as space', 'word', ['a\n', '\nb'], ['a\n\n', 'b']],
  ['no space: a grapheme each', 'word', ['今日は。元', '気？'], ['今', '日', 'は。', '元', '気？']],
  ['no space within others', 'word', ['in 東京 now'], ['in ', '東', '京 ', 'now']],
  ['a mark on a space is none', 'word', ['a ', '\u0301b c'], ['a \u0301b ', 'c']],
  ['lines', 'line', ['one\ntw', 'o\r', '\n\nend'], ['one\n', 'two\r\n', '\n', 'end']],
  ['graphemes', 'grapheme', ['a', 'é', 'b'], ['a', 'é', 'b']],
  ['a pair in two chunks', 'grapheme', ['x\ud83d', '\ude00y'], ['x', '😀', 'y']],
  ['an accent that comes later', 'grapheme', ['e', '\u0301', 'a'], ['e\u0301', 'a']],
  ['a family, unit by unit', 'grapheme', [...FAMILY.split(''), '!'], [FAMILY, '!']],
  ['flags', 'grapheme', ['🇩', '🇪🇫', '🇷'], ['🇩🇪', '🇫🇷']],
  ['half a pair at the end', 'grapheme', ['a\ud83d'], ['a', '\ud83d']],
  ['after a match', /[,;] /, ['a, b', '; c'], ['a, ', 'b; ', 'c']],
  ['a match that grows', /\s+/, ['a ', ' ', 'b'], ['a  ', 'b']],
  ['at an empty match', /(?=[A-Z])/, ['someCamel', 'Case'], ['some', 'Camel', 'Case']],
  ['empty matches only', /(?:)/, ['aé', '😀b'], ['a', 'é', '😀', 'b']],
  ['a sticky pattern with a place', /,/gy, ['a,b,c'], ['a,', 'b,', 'c']],
  ['a match within a grapheme', /\u200d/, [`${FAMILY}a`], [FAMILY, 'a']],
  ['anchored in the piece', /^.{3}/s, ['abcde', 'fgh'], ['abc', 'def', 'gh']],
  [
    'a length, then punctuation',
    { minLength: 4 },
    ['A. Bcd. E', 'f. G'],
    ['A. Bcd.', ' Ef.', ' G'],
  ],
  [
    'punctuation of one’s own',
    { minLength: 3, punctuation: ' ' },
    ['a b cd e'],
    ['a b ', 'cd ', 'e'],
  ],
  ['a line feed after a return', { minLength: 1, punctuation: '\n' }, ['a\r\nb'], ['a\r\n', 'b']],
  ['nothing', 'word', ['', ''], []],
];

describe('cuts', () => {
  it.each(CUTS)('%s', async (_what, by, chunks, pieces) => {
    const whole = await play(
      chunks.map((text) => [20, text]),
      { by, maxDelay: Infinity },
    );
    expect(textsOf(whole)).toEqual(pieces);
  });
});

const EARLY: readonly (readonly [what: string, chunks: string[], pieces: string[]])[] = [
  ['a word in two halves', ['Hel', 'lo you'], ['Hel', 'lo ', 'you']],
  ['the last character, too', ['Let me see.', ' Yes'], ['Let ', 'me ', 'see.', ' ', 'Yes']],
  ['no part of a word for an empty chunk', ['', 'Hello '], ['Hello ']],
  ['but not half a pair', ['a\ud83d', '\ude00'], ['a', '😀']],
  ['nor an emoji that may grow', ['a👨', '\u200d👩', ' b'], ['a', '👨‍👩 ', 'b']],
];

describe('a source that pauses for longer than maxDelay', () => {
  it.each(EARLY)('gives %s', async (_what, chunks, pieces) => {
    const played = await play(chunks.map((text) => [1000, text]));
    expect(textsOf(played)).toEqual(pieces);
  });
});

const MISUSES: readonly (readonly [what: string, run: () => unknown, message: RegExp])[] = [
  ['no source', () => smooth(undefined as never), /give it stream\.textStream/],
  ['a stream', () => smooth({} as never), /give it stream\.textStream/],
  ['another word', () => smooth([], { by: 'words' as never }), /"words": give 'word', 'line'/],
  ['an inherited word', () => smooth([], { by: 'toString' as never }), /give 'word', 'line'/],
  ['null', () => smooth([], { by: null as never }), /cannot cut by null/],
  ['no length', () => smooth([], { by: {} as never }), /\{ minLength: 40 \}/],
  ['a delay below 0', () => smooth([], { maxDelay: -1 }), /maxDelay is -1: give milliseconds/],
  ['a delay that is none', () => smooth([], { maxDelay: '1' as never }), /maxDelay is 1/],
];

it.each(MISUSES)('refuses %s', (_what, run, message) => {
  expect(run).toThrow(AnthropicError);
  expect(run).toThrow(message);
});

it('hands on the error of a source that gives what is no text', async () => {
  const reading = smooth([1] as never).next();
  await expect(reading).rejects.toThrow('smooth() takes an iterable of strings');
});
