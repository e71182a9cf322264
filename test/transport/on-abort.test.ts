import { expect, it } from 'vitest';
import { onAbort, unlessAborted } from '../../src/transport/on-abort.js';
import { listenerCount } from '../support/listener-count.js';

it('has one listener on a signal, however many share it, and none when all have gone', () => {
  const { signal } = new AbortController();
  const offs = Array.from({ length: 100 }, () => onAbort(signal, () => {}));
  expect(listenerCount(signal)).toBe(1);
  for (const off of offs) off();
  expect(listenerCount(signal)).toBe(0);
});

it('calls back those that are left, once, in order', () => {
  const controller = new AbortController();
  const called: number[] = [];
  const offs = [1, 2, 3].map((n) => onAbort(controller.signal, () => void called.push(n)));
  offs[1]?.();
  controller.abort();
  controller.abort();
  expect(called).toEqual([1, 3]);
  expect(listenerCount(controller.signal)).toBe(0);
});

it('calls back at once where the signal has fired, and never without a signal', () => {
  const called: string[] = [];
  onAbort(AbortSignal.abort(), () => void called.push('fired'))();
  onAbort(undefined, () => void called.push('none'))();
  expect(called).toEqual(['fired']);
});

it('can be used again after the last one has gone', () => {
  const controller = new AbortController();
  onAbort(controller.signal, () => {})();
  let called = false;
  onAbort(controller.signal, () => {
    called = true;
  });
  controller.abort();
  expect(called).toBe(true);
});

it('a callback that takes off another is heeded', () => {
  const controller = new AbortController();
  const called: string[] = [];
  const off = { second: (): void => {} };
  onAbort(controller.signal, () => {
    called.push('first');
    off.second();
  });
  off.second = onAbort(controller.signal, () => void called.push('second'));
  controller.abort();
  expect(called).toEqual(['first']);
});

it.each([
  ['done', async () => 1],
  ['failed', () => Promise.reject(new Error('no'))],
])('unlessAborted listens to its signal until the work is %s', async (_, work) => {
  const { signal } = new AbortController();
  const settled = unlessAborted(work(), signal).catch(() => {});
  expect(listenerCount(signal)).toBe(1);
  await settled;
  expect(listenerCount(signal)).toBe(0);
});
