import type { Clock } from './clock.js';

interface Timer {
  at: number;
  callback: () => void;
}

/**
 * A clock that stands still until a test advances it.
 * @param start what `now()` returns first, in milliseconds. Default 0.
 */
export function manualClock(start = 0): ManualClock {
  return new ManualClock(start);
}

// Captured now: a test that fakes the timers later must still be able to advance this clock. A timeout of 0 lasts
// a millisecond, which adds up in a test of many steps.
const { setTimeout: timeout, setImmediate: immediate } = globalThis;

/** A clock that stands still until a test advances it. Create it with `manualClock()`. */
export class ManualClock implements Clock {
  #now: number;
  readonly #timers = new Set<Timer>();
  #waiters: { count: number; resolve: () => void }[] = [];

  /** @internal */
  constructor(start = 0) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  setTimeout(callback: () => void, ms: number): { readonly at: number } {
    const timer = { at: this.#now + Math.max(ms, 0), callback };
    this.#timers.add(timer);
    const isReached = ({ count }: { count: number }): boolean => count <= this.#timers.size;
    for (const { resolve } of this.#waiters.filter(isReached)) resolve();
    this.#waiters = this.#waiters.filter((waiter) => !isReached(waiter));
    return timer;
  }

  clearTimeout(timer: unknown): void {
    this.#timers.delete(timer as Timer);
  }

  /** The number of timers that are pending. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Resolves when at least so many timers are pending: the code under test waits. Default 1. */
  waiting(count = 1): Promise<void> {
    if (this.#timers.size >= count) return Promise.resolve();
    return new Promise((resolve) => this.#waiters.push({ count, resolve }));
  }

  /**
   * Lets `ms` pass. Timers fire in order, each at its time. What their callbacks do through promises is
   * done when this resolves. What crosses a socket can take longer: await `waiting()`.
   */
  async advance(ms: number): Promise<void> {
    const until = this.#now + ms;
    for (let next = this.#firstUntil(until); next; next = this.#firstUntil(until)) {
      this.#timers.delete(next);
      this.#now = next.at;
      next.callback();
      await turn();
    }
    this.#now = until;
    await turn();
  }

  #firstUntil(until: number): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.at <= until && (first === undefined || timer.at < first.at)) first = timer;
    }
    return first;
  }
}

/** A turn of the event loop: runs all microtasks that are due. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    if (immediate === undefined) timeout(resolve, 0);
    else immediate(resolve);
  });
}
