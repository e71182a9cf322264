import { describe, expect, it } from 'vitest';
import { type Key, KeyReader } from '../../../src/cli/chat/key-reader.js';

const read = (...chunks: string[]): Key[] => {
  const reader = new KeyReader();
  return chunks.flatMap((chunk) => reader.push(chunk));
};

const action = (name: string) => ({ action: name });
const text = (typed: string) => ({ text: typed });

describe('keys', () => {
  it.each([
    ['text', ['ab é🦀'], [text('ab é🦀')]],
    ['Enter', ['a\r'], [text('a'), action('submit')]],
    ['Alt-Enter', ['\u001b\r'], [action('newline')]],
    ['Ctrl-J', ['\n'], [action('newline')]],
    ['arrows of both modes', ['\u001b[A\u001bOB'], [action('up'), action('down')]],
    ['a sequence in two chunks', ['\u001b[1;', '5D'], [action('word left')]],
    ['Escape, then text', ['\u001b', 'a'], [text('a')]],
    ['sequences without an action', ['\u001b[15~a\u001bz\u001b[Ib'], [text('a'), text('b')]],
    ['control characters', ['\u0003\u0004'], [action('interrupt'), action('end of input')]],
    ['Enter twice', ['\r\r'], [action('submit'), action('submit')]],
  ])('reads %s', (_, chunks, keys) => {
    expect(read(...chunks)).toEqual(keys);
  });

  const PASTED = [text('one\ntwo\n\u0003three')];

  it.each([
    ['whole', ['\u001b[200~one\r\ntwo\r\u0003three\u001b[201~']],
    ['in pieces', ['\u001b[20', '0~one\r\ntwo', '\r\u0003three\u001b[2', '01~']],
  ])('reads a marked paste, %s, as one text', (_, chunks) => {
    expect(read(...chunks)).toEqual(PASTED);
  });

  it('reads keys around a paste', () => {
    expect(read('a\u001b[200~b\u001b[201~\r')).toEqual([text('a'), text('b'), action('submit')]);
  });

  it('reads several lines at once as a paste', () => {
    expect(read('one\rtwo\tthree\r')).toEqual([text('one\ntwo\tthree\n')]);
  });
});
