import { expect, it } from 'vitest';
import { keepKnown } from '../../src/message/keep-known.js';

it.each<[what: string, known: object, now: unknown, kept: unknown]>([
  ['null', { a: 1 }, { a: null }, { a: 1 }],
  ['nothing', { a: 1 }, { a: undefined }, { a: 1 }],
  ['zero', { a: 1 }, { a: 0 }, { a: 1 }],
  ['an empty text', { a: 'x' }, { a: '' }, { a: 'x' }],
  ['null in an object', { a: { b: 1 } }, { a: { b: null, c: 2 } }, { a: { b: 1, c: 2 } }],
  ['null for an object', { a: { b: 1 } }, { a: null }, { a: { b: 1 } }],
])('%s takes nothing back', (_, known, now, kept) => {
  expect(keepKnown({ ...known }, now)).toEqual(kept);
});

it.each<[what: string, known: object, now: object]>([
  ['a smaller number', { a: 2 }, { a: 1 }],
  ['false', { a: true }, { a: false }],
  ['an empty list', { a: [1] }, { a: [] }],
  ['an object for a number', { a: 1 }, { a: { b: 1 } }],
  ['a number for an object', { a: { b: 1 } }, { a: 1 }],
  ['zero where nothing was known', {}, { a: 0 }],
  ['null where nothing was known', { b: 1 }, { a: null }],
  ['zero after null', { a: null }, { a: 0 }],
  ['an object after null', { a: null }, { a: { b: 1 } }],
  ['a list for an object', { a: { 0: 5 } }, { a: [null] }],
])('%s is the new value, and the same object', (_, known, now) => {
  expect(keepKnown({ ...known }, now)).toBe(now);
});

it.each([undefined, null, 'text', 7, [1]])('%j, which has no fields, stays as it is', (now) => {
  const known = { a: 1 };
  expect(keepKnown(known, now)).toBe(now);
  expect(known).toEqual({ a: 1 });
});

it('keeps what was kept, and changes no event', () => {
  const known: Record<string, unknown> = {};
  const first = { a: 1, b: { c: 2 } };
  keepKnown(known, first);
  const second = { a: null, b: { c: 0, d: 3 } };
  expect(keepKnown(known, second)).toEqual({ a: 1, b: { c: 2, d: 3 } });
  expect(keepKnown(known, { b: null })).toEqual({ b: { c: 2, d: 3 } });
  expect([first, second]).toEqual([
    { a: 1, b: { c: 2 } },
    { a: null, b: { c: 0, d: 3 } },
  ]);
});

it('takes fields of any name as fields', () => {
  const known: Record<string, unknown> = {};
  keepKnown(known, JSON.parse('{"__proto__":{"a":1}}'));
  const kept = keepKnown(known, JSON.parse('{"__proto__":null,"toString":null}')) as object;
  expect(Object.keys(kept)).toEqual(['__proto__', 'toString']);
  expect(Object.getOwnPropertyDescriptor(kept, '__proto__')?.value).toEqual({ a: 1 });
  expect(Object.getOwnPropertyDescriptor(kept, 'toString')?.value).toBe(null);
});
