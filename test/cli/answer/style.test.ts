import { expect, it } from 'vitest';
import { replaceControls } from '../../../src/cli/answer/style.js';

it.each([
  ['line ends and tabs', 'a\r\nb\n\tc', 'a\nb\n\tc'],
  ['an escape code', 'a\u001b[2Jb', 'a\ufffd[2Jb'],
  ['an escape code of a single character', '\u009b2J\u0007', '\ufffd2J\ufffd'],
  ['a carriage return that would overwrite', 'a\rb', 'a\ufffdb'],
])('a terminal sees %s', (_, text, shown) => {
  expect(replaceControls(text)).toBe(shown);
});
