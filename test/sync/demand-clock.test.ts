import { expect, it } from 'vitest';
import { DemandClock } from '../../src/sync/demand-clock.js';
import { ManualClock } from '../../src/testing/time/manual-clock.js';

function clocks(): {
  base: ManualClock;
  clock: DemandClock;
  fired: string[];
  set: (name: string, ms: number) => unknown;
} {
  const base = new ManualClock();
  const clock = new DemandClock(base);
  const fired: string[] = [];
  return { base, clock, fired, set: (name, ms) => clock.setTimeout(() => fired.push(name), ms) };
}

it('counts only the time in which it runs', async () => {
  const { base, clock } = clocks();
  await base.advance(5);
  expect(clock.now()).toBe(0);
  clock.start();
  await base.advance(10);
  clock.start();
  await base.advance(10);
  expect(clock.now()).toBe(20);
  clock.stop();
  await base.advance(100);
  clock.stop();
  expect(clock.now()).toBe(20);
  clock.start();
  await base.advance(1);
  expect(clock.now()).toBe(21);
});

it('fires timers after that much running, set while it runs or stands', async () => {
  const { base, clock, fired, set } = clocks();
  set('before', 30);
  await base.advance(100);
  clock.start();
  set('in between', 20);
  await base.advance(15);
  clock.stop();
  await base.advance(100);
  expect(fired).toEqual([]);
  clock.start();
  await base.advance(5);
  expect(fired).toEqual(['in between']);
  await base.advance(10);
  expect(fired).toEqual(['in between', 'before']);
  expect(base.pending).toBe(0);
});

it('forgets a timer that is cleared, in either state', async () => {
  const { base, clock, fired, set } = clocks();
  clock.clearTimeout(set('stands', 1));
  clock.start();
  clock.clearTimeout(set('runs', 1));
  const stopped = set('stopped', 1);
  clock.stop();
  clock.clearTimeout(stopped);
  clock.clearTimeout(undefined);
  clock.start();
  await base.advance(10);
  expect([fired, base.pending]).toEqual([[], 0]);
});
