import { expect, it } from 'vitest';
import { FencedBlock } from '../../../src/cli/answer/extract-view.js';

const CASES: readonly [what: string, text: string, lines: string | undefined][] = [
  ['the block', 'Here:\n\n```sh\nls -l\nwc\n```\nDone.', 'ls -l\nwc\n'],
  ['the first of two', '```\na\n```\n```\nb\n```', 'a\n'],
  ['one with empty lines', '```\n\na\n\n```', '\na\n\n'],
  ['one without lines', '```\n```\na', ''],
  ['one of tildes, with ticks in it', '~~~md\n```\n~~~', '```\n'],
  ['one of a longer fence', '````\n```\na\n```\n````', '```\na\n```\n'],
  ['one in a list, without its indentation', '- a:\n\n  ```\n  b\n    c\n  ```', 'b\n  c\n'],
  ['one that was cut off', 'a\n```\nb\nc', 'b\nc\n'],
  ['one with CRLF', '```\r\na\r\n```\r\n', 'a\n'],
  ['nothing for code within a line', 'a ```b``` c', undefined],
  ['nothing for text without a block', 'a\nb', undefined],
];

function extracted(pieces: Iterable<string>): string | undefined {
  const block = new FencedBlock();
  let lines = '';
  for (const piece of pieces) lines += block.push(piece);
  lines += block.end();
  return block.isFound ? lines : undefined;
}

it.each(CASES)('extracts %s', (_, text, lines) => {
  expect(extracted([text])).toBe(lines);
  expect(extracted(text)).toBe(lines);
});
