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
  ['nothing after tildes with a tick after them', '~~~ `\na', undefined],
  ['one with indented marks in it', '  ```\n   a\n b\nc\n  ```', ' a\nb\nc\n'],
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

it.each([
  ['tildes', '', '~', '`\n'],
  ['spaces', '', ' ', '~~~\na'],
  ['spaces in a block', '```\n', ' ', 'x\n'],
  ['spaces after marks in a block', '```\n```', ' ', 'x\n'],
  ['an indented block', `${' '.repeat(5_000)}~~~\n`, '  \n', ''],
  ['carriage returns', '', '\r', 'x\n'],
  ['marks in a block', '```\n', '`', 'x\n'],
  ['lines', '', '\n', ''],
])('takes linear time for many of: %s', (_, start, repeated, end) => {
  const time = (count: number): number => {
    const text = start + repeated.repeat(count) + end;
    const started = process.cpuUsage();
    const block = new FencedBlock();
    for (let at = 0; at < text.length; at += 8) block.push(text.slice(at, at + 8));
    block.end();
    const { user, system } = process.cpuUsage(started);
    return (user + system) / 1_000;
  };
  const fastest = (count: number): number => Math.min(...[0, 1, 2].map(() => time(count)));
  fastest(2_000);
  // 16 times the text: linear is 16 times the time, quadratic 256 times.
  expect(fastest(160_000)).toBeLessThan(64 * Math.max(fastest(10_000), 1));
});
