import { expect, it } from 'vitest';
import { LATER, promised, tell, type Waiting } from '../../src/transport/later.js';

/** Who waits, and what it was told. */
function setup() {
  const told: unknown[] = [];
  const waiting: Waiting<number> = {
    arrived: (value) => void told.push(value),
    failed: (error) => void told.push({ error }),
  };
  return { told, waiting };
}

it('tells who waits what a promise brings', async () => {
  const { told, waiting } = setup();
  expect(tell(Promise.resolve(1), waiting)).toBe(LATER);
  expect(tell(Promise.reject('broken'), waiting)).toBe(LATER);
  expect(told).toEqual([]);
  await new Promise((resolve) => setImmediate(resolve));
  expect(told).toEqual([1, { error: 'broken' }]);
});

it.each<[what: string, ask: (waiting: Waiting<number>) => number | typeof LATER]>([
  ['at hand', () => 1],
  [
    'to come',
    (waiting) => {
      queueMicrotask(() => waiting.arrived(1));
      return LATER;
    },
  ],
])('promises what is %s', async (_, ask) => {
  expect(await promised(ask)).toBe(1);
});

it.each<[what: string, ask: (waiting: Waiting<number>) => typeof LATER]>([
  [
    'throws',
    () => {
      throw new Error('broken');
    },
  ],
  [
    'fails later',
    (waiting) => {
      queueMicrotask(() => waiting.failed(new Error('broken')));
      return LATER;
    },
  ],
])('rejects where what is asked %s', async (_, ask) => {
  await expect(promised(ask)).rejects.toThrow('broken');
});
