import { getEventListeners } from 'node:events';
import { expect, it } from 'vitest';
import { ManualClock } from '../../src/testing/time/manual-clock.js';
import { sleep, systemClock } from '../../src/transport/clock.js';

it('sleep ends when its time has come, not before', async () => {
  const clock = new ManualClock();
  const { signal } = new AbortController();
  let awake = false;
  const sleeping = sleep(100, clock, signal).then(() => {
    awake = true;
  });
  await clock.advance(99);
  expect(awake).toBe(false);
  await clock.advance(1);
  expect(awake).toBe(true);
  await sleeping;
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

it('sleep ends at once with the reason of its signal', async () => {
  const clock = new ManualClock();
  const controller = new AbortController();
  const sleeping = sleep(100, clock, controller.signal);
  const reason = new Error('enough');
  controller.abort(reason);
  await expect(sleeping).rejects.toBe(reason);
  expect(clock.pending).toBe(0);
});

it('sleep does not begin when the signal has fired', async () => {
  const clock = new ManualClock();
  const reason = new Error('enough');
  await expect(sleep(100, clock, AbortSignal.abort(reason))).rejects.toBe(reason);
  expect(clock.pending).toBe(0);
});

it('the system clock runs, and its timers can be cleared', async () => {
  const before = systemClock.now();
  let fired = false;
  systemClock.clearTimeout(
    systemClock.setTimeout(() => {
      fired = true;
    }, 0),
  );
  await sleep(5, systemClock, new AbortController().signal);
  expect(fired).toBe(false);
  expect(systemClock.now()).toBeGreaterThan(before);
});
