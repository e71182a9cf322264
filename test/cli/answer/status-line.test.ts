import { expect, it } from 'vitest';
import { toStatusText } from '../../../src/cli/answer/status-line.js';

it.each<[args: Parameters<typeof toStatusText>, text: string]>([
  [['opus', 0], 'opus · 0.0 s'],
  [['opus', 12_345, 'retry 1 in 0.5 s'], 'opus · 12.3 s · retry 1 in 0.5 s'],
])('the status of %j', (args, text) => {
  expect(toStatusText(...args)).toBe(text);
});
