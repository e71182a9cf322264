import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type OverlapOptions, OverlapTrimmer } from '../../src/stream/recover/overlap-trimmer.js';

/** What is handed out of a continuation that comes in these pieces. */
function joined(options: OverlapOptions, pieces: readonly string[]): string {
  const seam = new OverlapTrimmer(options);
  return pieces.map((piece) => seam.push(piece)).join('') + seam.end();
}

const instruct = (before: string): OverlapOptions => ({ before, whitespace: '', mayOverlap: true });
const prefill = (before: string): OverlapOptions => ({
  before,
  whitespace: /\s*$/.exec(before)?.[0] ?? '',
  mayOverlap: false,
});

const ROW = '| apples | 3 |\n';
const REFRAIN = 'Row, row, row your boat. ';

describe('asked in a user turn, an exact repeat of the tail is removed', () => {
  it.each<[what: string, before: string, rest: string, handedOut: string]>([
    ['nothing is repeated', 'The quick brown', ' fox jumps', ' fox jumps'],
    ['the whole tail', 'The quick brown fox', 'quick brown fox jumps', ' jumps'],
    ['all of the text', 'The quick brown fox', 'The quick brown fox jumps', ' jumps'],
    ['a repeat and nothing else', 'The quick brown fox', 'quick brown fox', ''],
    ['twelve characters are enough', 'and a dozen more', ' a dozen more!', '!'],
    ['exactly twelve', 'x: abcdefghijkl', 'abcdefghijklm', 'm'],
    ['eleven are chance', 'x: abcdefghijk', 'abcdefghijkl', 'abcdefghijkl'],
    ['one letter differs', 'The quick brown fox', 'quick brown fax jumps', 'quick brown fax jumps'],
    ['another case is another text', 'The quick brown fox', 'Quick Brown Fox!', 'Quick Brown Fox!'],
    [
      'what stood earlier, not at the end',
      'The quick brown fox ran',
      'The quick brown fox',
      'The quick brown fox',
    ],
    ['a table goes on', ROW + ROW, ROW + ROW, ROW + ROW],
    ['a table of short rows', '|a|b|\n|a|b|\n', '|a|b|\n|a|b|\n', '|a|b|\n|a|b|\n'],
    ['a table, and more', ROW + ROW, `${ROW}${ROW}${ROW}so`, `${ROW}${ROW}${ROW}so`],
    ['a refrain goes on', REFRAIN + REFRAIN, REFRAIN, REFRAIN],
    ['a refrain from long ago', `${REFRAIN}${'x1y2z3'.repeat(200)}${REFRAIN}`, REFRAIN, REFRAIN],
    ['laughter', 'ha ha ha ha ha ha ha ha ', 'ha ha ha ha ha ha ', 'ha ha ha ha ha ha '],
    ['emoji', 'So: 🌤🌧🌩🌨🌪🌫 done', '🌤🌧🌩🌨🌪🌫 done!', '!'],
    [
      'a repeat farther back than is looked',
      `${'a'.repeat(5)}${'b'.repeat(401)}`,
      `${'b'.repeat(401)}c`,
      `${'b'.repeat(401)}c`,
    ],
    ['nothing was before', '', 'The quick brown fox', 'The quick brown fox'],
    ['nothing comes', 'The quick brown fox', '', ''],
  ])('%s', (_, before, rest, handedOut) => {
    expect(joined(instruct(before), [rest])).toBe(handedOut);
    expect(joined(instruct(before), [...rest])).toBe(handedOut);
  });
});

describe('after a prefill, white space that was not sent along comes once', () => {
  it.each<[before: string, rest: string, handedOut: string]>([
    ['One.', ' Two.', ' Two.'],
    ['One. ', ' Two.', 'Two.'],
    ['One. ', 'Two.', 'Two.'],
    ['One.\n\n', '\n\nTwo.', 'Two.'],
    ['One.\n\n', '\nTwo.', 'Two.'],
    ['One.\n', '\n\nTwo.', '\nTwo.'],
    ['One.\n\n', ' Two.', ' Two.'],
    ['One.\n\n', '\n', ''],
    ['One. ', '', ''],
    ['The quick brown fox', 'quick brown fox', 'quick brown fox'],
  ])('%j and %j give %j', (before, rest, handedOut) => {
    expect(joined(prefill(before), [rest])).toBe(handedOut);
    expect(joined(prefill(before), [...rest])).toBe(handedOut);
  });
});

describe('whatever the pieces', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '\n', '🌤'), maxLength: 40 });
  const cuts = fc.array(fc.nat({ max: 9 }), { maxLength: 12 });

  it('the result is the same', () => {
    const seams = fc.record({
      before: letters,
      rest: letters,
      overlap: fc.nat({ max: 30 }),
      mayOverlap: fc.boolean(),
      cuts,
    });
    fc.assert(
      fc.property(seams, ({ before, rest, overlap, mayOverlap, cuts }) => {
        const options = { ...prefill(before), mayOverlap };
        const all = (mayOverlap ? before.slice(Math.max(0, before.length - overlap)) : '') + rest;
        expect(joined(options, piecesOf(all, cuts))).toBe(joined(options, [all]));
      }),
      { numRuns: 5_000 },
    );
  });

  it('what is handed out is the end of what came', () => {
    fc.assert(
      fc.property(letters, letters, cuts, (before, rest, cuts) => {
        expect(rest.endsWith(joined(instruct(before), piecesOf(rest, cuts)))).toBe(true);
      }),
    );
  });
});

it('holds nothing once it is decided', () => {
  const seam = new OverlapTrimmer(instruct('The quick brown fox'));
  expect(['quick ', 'brown ', 'fox', ' jumps', ' over'].map((piece) => seam.push(piece))).toEqual([
    ...['', '', ''],
    ...[' jumps', ' over'],
  ]);
  expect(seam.end()).toBe('');
});

function piecesOf(text: string, cuts: readonly number[]): string[] {
  const pieces: string[] = [];
  for (const cut of cuts) {
    pieces.push(text.slice(0, cut));
    text = text.slice(cut);
  }
  return [...pieces, text];
}
