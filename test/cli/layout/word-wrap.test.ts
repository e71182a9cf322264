import { describe, expect, it } from 'vitest';
import { WordWrap } from '../../../src/cli/layout/word-wrap.js';
import type { Span } from '../../../src/cli/styled.js';

const toText = (spans: readonly Span[]): string => spans.map(({ text }) => text).join('');

function wrapped(text: string, width: number, pieces: readonly string[] = [text]): string {
  const wrap = new WordWrap({ width: () => width });
  for (const piece of pieces) wrap.add(piece, []);
  wrap.flush();
  return toText(wrap.take());
}

const CASES: readonly [what: string, text: string, shown: string][] = [
  ['a text that fits', 'one two', 'one two'],
  ['words', 'one two three four', 'one two\nthree four'],
  ['a text that fits to the last cell', '12345 7890', '12345 7890'],
  ['several spaces, but not at an edge', 'a  b   cdefgh', 'a  b\ncdefgh'],
  ['line feeds', 'one\n\ntwo three', 'one\n\ntwo three'],
  ['spaces before a line', '  one two three', '  one two\nthree'],
  ['a word that is longer than a line', 'a https://b.c/d/e f', 'a\nhttps://b.c/d/e f'],
  ['wide characters', '水水水水水水水', '水水水水水\n水水'],
  ['wide characters among others', 'ab 水水水水水', 'ab 水水水\n水水'],
  ['a mark that cannot start a line', '水水水水水。水', '水水水水\n水。水'],
  ['emoji', '🦀🦀🦀🦀🦀🦀', '🦀🦀🦀🦀🦀\n🦀'],
  [
    'marks that combine',
    'e\u0301e\u0301e\u0301e\u0301e\u0301 12345',
    'e\u0301e\u0301e\u0301e\u0301e\u0301\n12345',
  ],
];

describe('a word wrap to 10 cells', () => {
  it.each(CASES)('wraps %s', (_, text, shown) => {
    expect(wrapped(text, 10)).toBe(shown);
  });

  it.each(CASES.filter(([what]) => what !== 'marks that combine'))(
    'wraps %s the same character by character',
    (_, text, shown) => {
      expect(wrapped(text, 10, [...text])).toBe(shown);
    },
  );

  it('returns what can no longer move', () => {
    const wrap = new WordWrap({ width: () => 10 });
    const added = ['one tw', 'o th', 'ree', ' '].map((text) => {
      wrap.add(text, []);
      return toText(wrap.take());
    });
    expect(added).toEqual(['one', ' two', '', '\nthree']);
  });

  it('starts lines with the indent', () => {
    const wrap = new WordWrap({ width: () => 10 });
    wrap.addWhole('• ', []);
    wrap.indent = [{ text: '  ', styles: [] }];
    wrap.add('one two three\nnext line too', []);
    wrap.flush();
    expect(toText(wrap.take())).toBe('• one two\n  three\nnext line\ntoo');
  });

  it('keeps the styles of a word', () => {
    const wrap = new WordWrap({ width: () => 4 });
    wrap.add('on', []);
    wrap.add('e t', ['bold']);
    wrap.flush();
    expect(wrap.take()).toEqual([
      { text: 'on', styles: [] },
      { text: 'e', styles: ['bold'] },
      { text: '\n', styles: [] },
      { text: 't', styles: ['bold'] },
    ]);
  });

  it('follows a window that is resized', () => {
    let width = 20;
    const wrap = new WordWrap({ width: () => width });
    wrap.add('one two three ', []);
    width = 8;
    wrap.add('four five six ', []);
    expect(toText(wrap.take())).toBe('one two three\nfour\nfive six');
  });

  it('breaks words where it is asked to', () => {
    const wrap = new WordWrap({ width: () => 4, breaksWords: true });
    wrap.add('a bcdefghij k', []);
    wrap.flush();
    expect(toText(wrap.take())).toBe('a\nbcde\nfghi\nj k');
  });
});
