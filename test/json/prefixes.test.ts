import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonStream } from '../../src/json/json-stream.js';
import { byTier } from '../support/tier.js';
import { cut, cuts, documents } from './documents.js';
import { expectSame } from './same.js';
import { soFar } from './so-far.js';

const RUNS = { seed: 20_260_101, numRuns: byTier({ fast: 300, exhaustive: 2_000 }) };

describe('the value so far', () => {
  it(`is what the text so far says, at each character of ${RUNS.numRuns} documents`, () => {
    fc.assert(
      fc.property(documents, ({ text }) => {
        const stream = new JsonStream();
        for (let end = 1; end <= text.length; end++) {
          stream.feed(text.charAt(end - 1));
          expectSame(stream.value, soFar(text.slice(0, end)), text.slice(0, end));
        }
        stream.end();
        expectSame(stream.value, JSON.parse(text), text);
      }),
      RUNS,
    );
  });

  it('does not depend on where the text was cut', () => {
    fc.assert(
      fc.property(documents, cuts, ({ text }, lengths) => {
        const stream = new JsonStream();
        let part = '';
        for (const fragment of cut(text, lengths)) {
          stream.feed(fragment);
          part += fragment;
          expectSame(stream.value, soFar(part), part);
        }
        stream.end();
        expectSame(stream.value, JSON.parse(text), text);
      }),
      RUNS,
    );
  });

  it('is kept by a copy, whatever comes then, and a copy shares what has finished', () => {
    fc.assert(
      fc.property(documents, cuts, ({ text }, lengths) => {
        const stream = new JsonStream();
        const kept: { copy: unknown; part: string }[] = [];
        let part = '';
        for (const fragment of cut(text, lengths)) {
          stream.feed(fragment);
          part += fragment;
          kept.push({ copy: stream.copy(), part });
        }
        const isDone = stream.status === 'complete';
        if (isDone) expect(stream.copy()).toBe(stream.value);
        for (const { copy, part } of kept) expectSame(copy, soFar(part), part);
      }),
      RUNS,
    );
  });

  it('only grows: at its last place, in the same containers', () => {
    fc.assert(
      fc.property(documents, ({ text, ordered }) => {
        fc.pre(ordered);
        const stream = new JsonStream();
        for (let end = 1; end <= text.length; end++) {
          const seen = containers(stream.value);
          stream.feed(text.charAt(end - 1));
          const now = containers(stream.value);
          if (seen.some((container, i) => container !== now[i])) throw new Error('a new container');
          if (!grew(soFar(text.slice(0, end - 1)), stream.value)) throw new Error('not grown');
        }
        expectSame(stream.value ?? JSON.parse(text), JSON.parse(text), text);
      }),
      RUNS,
    );
  });

  it('never shows half of a pair, where the text has only whole ones', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.boolean(), (string, escaped) => {
        const json = JSON.stringify(string);
        const stream = new JsonStream();
        for (const character of (escaped ? toAscii(json) : json).split('')) {
          stream.feed(character);
          expect(stream.value).not.toMatch(/\p{Surrogate}/u);
        }
        expect(stream.value).toBe(string);
      }),
      { ...RUNS, numRuns: byTier({ fast: 100, exhaustive: 500 }) },
    );
  });

  // biome-ignore format: a table
  it.each([
    ['', undefined], [' ', undefined], ['"', ''], ['"a', 'a'], ['"a"', 'a'],
    ['"a\\', 'a'], ['"a\\u', 'a'], ['"a\\u12', 'a'], ['"a\\u00e9', 'aé'], ['"a\\\\', 'a\\'],
    ['"a\ud83d', 'a'], ['"a\ud83d\ude00', 'a😀'], ['"a\ud83db', 'a\ud83db'], ['"a\ud83d"', 'a\ud83d'],
    ['"\\ud83d', ''], ['"\\ud83d\\ude0', ''], ['"\\ud83d\\ude00', '😀'], ['"\ud83d\\ude00', '😀'],
    ['"\ud83d\ud83d', '\ud83d'], ['"\\ud83d"', '\ud83d'], ['"\\ude00', '\ude00'],
    ['1', undefined], ['12', undefined], ['12 ', 12], ['[1', []], ['[1,', [1]], ['[-', []], ['[1]', [1]],
    ['t', undefined], ['tru', undefined], ['true', true], ['[nul', []], ['[null', [null]], ['[false', [false]],
    ['{', {}], ['{"', {}], ['{"a', {}], ['{"a"', {}], ['{"a":', {}], ['{"a":1', {}], ['{"a":1,', { a: 1 }],
    ['{"a":"', { a: '' }], ['{"a":"x', { a: 'x' }], ['{"a":[', { a: [] }], ['{"a":{"b', { a: {} }],
    ['{"a":1,"a', { a: 1 }], ['{"a":1,"a":', { a: 1 }], ['{"a":1,"a":"', { a: '' }],
    ['[[', [[]]], ['[[]', [[]]], ['[[],', [[]]], ['[[],[', [[], []]], ['["a"', ['a']], ['["a","', ['a', '']],
  ])('is, after %j, %j', (text, value) => {
    const stream = new JsonStream();
    stream.feed(text);
    expectSame(stream.value, value, text);
    expectSame(soFar(text), value, 'the oracle');
  });
});

function toAscii(json: string): string {
  return json.replace(
    /[^ -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** All arrays and objects in a value, in the order in which the text opens them. */
function containers(value: unknown): object[] {
  if (typeof value !== 'object' || value === null) return [];
  return [value, ...Object.values(value).flatMap(containers)];
}

/** Whether one value can have become another by what was added at its end. */
function grew(before: unknown, after: unknown): boolean {
  if (before === undefined) return true;
  if (typeof before === 'string') return typeof after === 'string' && after.startsWith(before);
  if (typeof before !== 'object' || before === null) return Object.is(before, after);
  if (typeof after !== 'object' || after === null) return false;
  if (Array.isArray(before) !== Array.isArray(after)) return false;
  const entries = Object.entries(after);
  return Object.entries(before).every(([key, value], i, { length }) => {
    const [sameKey, now] = entries[i] ?? [];
    return key === sameKey && (i === length - 1 ? grew(value, now) : isDeepStrictEqual(value, now));
  });
}
