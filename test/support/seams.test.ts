import { expect, it } from 'vitest';
import { bytesOf } from './chunks.js';
import { seamsOf } from './seams.js';

const LONG = 'a'.repeat(1_000);

// biome-ignore format: a table
it.each<[what: string, text: string, seams: number[]]>([
  ['the ends of nothing', '', [0]],
  ['both sides of line ends, and the middles of lines', 'abcdefgh\nab\n\n', [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]],
  ['the first of each two neighbors', 'abababab', [0, 1, 2, 8]],
  ['the middle of a run, not all of it', `${LONG}\n`, [0, 1, 500, 1_000, 1_001]],
  ['each byte of a character', `${LONG}👋${LONG}👋`, [0, 1, 1_000, 1_001, 1_002, 1_003, 1_004, 2_004, 2_005, 2_006, 2_007, 2_008]],
  ['a backslash and what it escapes', `${LONG}\\a${LONG}\\a`, [0, 1, 1_000, 1_001, 1_002, 2_002, 2_003, 2_004]],
])('the seams are %s', (_, text, seams) => {
  expect(seamsOf(bytesOf(text))).toEqual(seams);
});
