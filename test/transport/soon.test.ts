import { expect, it } from 'vitest';
import { Soon, tell } from '../../src/transport/soon.js';

/** Who waits, and what it was told. */
function setup() {
  const told: unknown[] = [];
  const soon = new Soon<number>();
  const wait = (): void =>
    tell(soon, {
      arrived: (value) => told.push(value),
      failed: (error) => told.push({ error }),
    });
  return { soon, told, wait };
}

it('tells who waits in the same turn', () => {
  const { soon, told, wait } = setup();
  wait();
  expect(told).toEqual([]);
  soon.resolve(1);
  expect(told).toEqual([1]);
});

it('keeps a value for who comes later', () => {
  const { soon, told, wait } = setup();
  soon.resolve(1);
  wait();
  expect(told).toEqual([1]);
});

it.each([
  ['waits', false],
  ['comes later', true],
])('fails for who %s', (_, isLate) => {
  const { soon, told, wait } = setup();
  if (!isLate) wait();
  soon.reject('broken');
  if (isLate) wait();
  expect(told).toEqual([{ error: 'broken' }]);
});

it('serves again once a value is taken, also for one who asks for more while being told', () => {
  const soon = new Soon<number>();
  const told: number[] = [];
  const waiting = {
    arrived: (value: number) => {
      told.push(value);
      soon.tell(waiting);
    },
    failed: () => {},
  };
  soon.tell(waiting);
  for (const value of [1, 2, 3]) soon.resolve(value);
  expect(told).toEqual([1, 2, 3]);
});

it('can be awaited, one value after the other', async () => {
  const soon = new Soon<number>();
  soon.resolve(1);
  expect(await soon).toBe(1);
  setTimeout(() => soon.reject(new Error('broken')), 0);
  await expect(async () => await soon).rejects.toThrow('broken');
});
