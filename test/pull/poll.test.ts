import { expect, it } from 'vitest';
import { PENDING, type Poll, toPoll, toPromise, type Wake } from '../../src/pull/poll.js';

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Pending for some questions, then an answer. */
function later(times: number, answer: () => number): (wake: Wake) => Poll<number> {
  let asked = 0;
  return (wake) => {
    if (asked++ === times) return answer();
    queueMicrotask(wake);
    return PENDING;
  };
}

it.each([0, 1, 2, 10])('resolves with an answer that is pending %d times', async (times) => {
  expect(await toPromise(later(times, () => 1))).toBe(1);
});

it.each([0, 1, 2])('rejects with what is thrown after %d times pending', async (times) => {
  const promise = toPromise(
    later(times, () => {
      throw new Error('broken');
    }),
  );
  await expect(promise).rejects.toThrow('broken');
});

it('survives wakes that are not needed', async () => {
  let wake: Wake = () => {};
  let isReady = false;
  const promise = toPromise<number>((given) => {
    wake = given;
    return isReady ? 1 : PENDING;
  });
  wake();
  wake();
  isReady = true;
  wake();
  wake();
  expect(await promise).toBe(1);
});

it('asks a promise: every asker is woken, and gets the value from then on', async () => {
  const ask = toPoll(Promise.resolve(1));
  const woken: string[] = [];
  expect(ask(() => woken.push('first'))).toBe(PENDING);
  expect(ask(() => woken.push('second'))).toBe(PENDING);
  expect(woken).toEqual([]);
  await settled();
  expect(woken).toEqual(['first', 'second']);
  expect(ask(() => {})).toBe(1);
  expect(ask(() => {})).toBe(1);
});

it('asks a promise that rejects: everyone who asks gets the error, and nothing is unhandled', async () => {
  const unhandled: unknown[] = [];
  const listen = (error: unknown): void => void unhandled.push(error);
  process.on('unhandledRejection', listen);
  const ask = toPoll(Promise.reject(new Error('broken')));
  let woken = 0;
  expect(ask(() => woken++)).toBe(PENDING);
  await settled();
  process.off('unhandledRejection', listen);
  expect(woken).toBe(1);
  expect(() => ask(() => {})).toThrow('broken');
  expect(() => ask(() => {})).toThrow('broken');
  expect(unhandled).toEqual([]);
});
