import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonStream } from '../../src/json/json-stream.js';
import type { JsonPath } from '../../src/json/path.js';
import { cut, cuts, documents } from './documents.js';
import { walk } from './walk.js';

describe('isComplete', () => {
  // biome-ignore format: a table
  it.each<[string, string | JsonPath, boolean]>([
    ['', '', false], ['1', '', false], ['1 ', '', true], ['"a', '', false], ['"a"', '', true], ['[', '', false], ['[]', '', true], ['[] x', '', true],
    ['[1', '0', false], ['[1,', '0', true], ['[1,', [0], true], ['[1,', '1', false], ['[1,', '*', false], ['["a', '0', false], ['["a"', '0', true],
    ['[[1],[2', '0', true], ['[[1],[2', '0.0', true], ['[[1],[2', '1', false], ['[[1],[2', '1.0', false], ['[[1],[2,', '1.0', true],
    ['{"a":1', 'a', false], ['{"a":1}', 'a', true], ['{"a":1}', '', true], ['{"a":1}', 'b', false], ['{"a":{"b":1,', 'a', false], ['{"a":{"b":1,', 'a.b', true],
    ['{"a":"x', 'a', false], ['{"a":"x"', 'a', true], ['{"a":1,"b":"x', 'a', true],
    ['{"a":1,"a"', 'a', false], ['{"a":1,"a":2', 'a', false], ['{"a":1,"a":2,', 'a', true], ['{"a":1,"a', 'a', true],
    ['{"a.b":1}', 'a.b', false], ['{"a.b":1}', ['a.b'], true], ['{"*":1}', '*', true], ['{"":1}', [''], true], ['{"1":[0]}', '1.0', true],
    ['{"__proto__":1}', '__proto__', true], ['{"a":1}', '__proto__', false], ['{"a":1}', 'constructor', false], ['[1]', 'length', false], ['"abc"', '0', false],
    ['[1,"a\n"]', '0', true], ['[1,"a\n"]', '1', false], ['[1,"a\n"]', '', false], ['[1x', '0', false],
  ])('after %j, of %j: %s', (text, path, expected) => {
    const stream = new JsonStream();
    stream.feed(text);
    expect(stream.isComplete(path)).toBe(expected);
  });

  it('says so of a number at the root after end()', () => {
    const stream = new JsonStream();
    stream.feed('1');
    stream.end();
    expect(stream.isComplete('')).toBe(true);
  });

  it('says so of exactly the values that listeners have heard of, in 1,000 documents', () => {
    fc.assert(
      fc.property(documents, cuts, ({ text, ordered }, lengths) => {
        fc.pre(ordered);
        const told = new Set<string>();
        const stream = new JsonStream();
        for (let depth = 0; depth < 12; depth++) {
          stream.onValue(new Array(depth).fill('*').join('.'), (_, path) => {
            told.add(JSON.stringify(path));
          });
        }
        for (const fragment of cut(text, lengths)) {
          stream.feed(fragment);
          if (stream.value === undefined) continue;
          for (const [, path] of walk(stream.value)) {
            expect(stream.isComplete(path)).toBe(told.has(JSON.stringify(path)));
          }
        }
      }),
      { seed: 8, numRuns: 1_000 },
    );
  });
});
