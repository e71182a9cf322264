import { describe, expect, it } from 'vitest';
import { JsonStream } from '../../src/json/json-stream.js';
import { cut } from './documents.js';

const FRAGMENT = 20;

/** The ways to look into a string that would copy one which has grown by concatenation. */
const LOOKS = [
  'charCodeAt',
  'codePointAt',
  'charAt',
  'at',
  'slice',
  'substring',
  'indexOf',
  'includes',
  'startsWith',
  'endsWith',
  'search',
  'match',
  'replace',
  'split',
] as const;

// biome-ignore format: a table
const SHAPES: readonly [what: string, text: (size: number) => string][] = [
  ['rows', (size) => JSON.stringify(new Array(size).fill({ id: 1, name: 'some name', on: true }))],
  ['one string', (size) => JSON.stringify('twenty-five characters. '.repeat(size))],
  ['one string of escapes', (size) => JSON.stringify('\n"\u0001 four of them'.repeat(size))],
  ['one number', (size) => `[${'1234567890'.repeat(size)}]`],
  ['one key', (size) => JSON.stringify({ ['a long key'.repeat(size)]: 1 })],
  ['many keys', (size) => `{${Array.from({ length: size }, (_, i) => `"key ${i}":${i}`).join()}}`],
  ['deep', (size) => '['.repeat(size) + ']'.repeat(size)],
  ['a string deep down', (size) => `${'[{"a":'.repeat(size)}"${'x'.repeat(20 * size)}"${'}]'.repeat(size)}`],
];

describe('the cost', () => {
  it.each(SHAPES)('of %s is linear: no string longer than a fragment is looked into', (_, text) => {
    const small = work(text(500));
    const large = work(text(5_000));
    expect(Math.max(small.longest, large.longest)).toBeLessThanOrEqual(FRAGMENT);
    expect(small.looksPerCharacter).toBeGreaterThan(0.2);
    expect(small.looksPerCharacter).toBeLessThan(5);
    expect(large.looksPerCharacter).toBeCloseTo(small.looksPerCharacter, 0);
  });
});

/** How often a whole reading looks into a string, per character, and the longest that it looks into. */
function work(text: string): { looksPerCharacter: number; longest: number } {
  const fragments = cut(text, [FRAGMENT]);
  const stream = new JsonStream(1_000_000);
  let looks = 0;
  let longest = 0;
  const restore = LOOKS.map((name) => {
    const look = String.prototype[name] as (...args: unknown[]) => unknown;
    const counting = function (this: string, ...args: unknown[]): unknown {
      looks++;
      longest = Math.max(longest, this.length);
      return look.apply(this, args);
    };
    Object.assign(String.prototype, { [name]: counting });
    return () => Object.assign(String.prototype, { [name]: look });
  });
  try {
    for (const fragment of fragments) stream.feed(fragment);
    stream.end();
  } finally {
    for (const undo of restore) undo();
  }
  expect(stream.status).toBe('complete');
  return { looksPerCharacter: looks / text.length, longest };
}
