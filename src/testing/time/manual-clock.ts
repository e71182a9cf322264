import type { Clock } from './clock.js';

interface Timer {
  at: number;
  callback: () => void;
}

/** Time that stands still until a test turns it. */
export interface ManualClock extends Clock {
  /** How many wait for their time. */
  readonly pending: number;
  /** Resolves when at least so many wait: what is to be turned on has got there. Default 1. */
  waiting(count?: number): Promise<void>;
  /**
   * Lets `ms` pass. Each that waits goes on at its time, in order; what it does then through promises
   * has happened when this resolves. What crosses a socket may take longer: wait for `waiting()`.
   */
  advance(ms: number): Promise<void>;
}

/**
 * A clock that stands still until a test turns it.
 * @param start what `now()` says first, in milliseconds. Default 0.
 */
export function manualClock(start = 0): ManualClock {
  return new TurnedClock(start);
}

// Taken now: a test that fakes the timers later must still be able to turn this clock. A timeout of 0 lasts
// a millisecond, which a test of many steps notices.
const { setTimeout: timeout, setImmediate: immediate } = globalThis;

export class TurnedClock implements ManualClock {
  #now: number;
  readonly #timers = new Set<Timer>();
  #awaited: { count: number; resolve: () => void }[] = [];

  constructor(start = 0) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  setTimeout(callback: () => void, ms: number): Timer {
    const timer = { at: this.#now + Math.max(ms, 0), callback };
    this.#timers.add(timer);
    const isThere = ({ count }: { count: number }): boolean => count <= this.#timers.size;
    for (const { resolve } of this.#awaited.filter(isThere)) resolve();
    this.#awaited = this.#awaited.filter((awaited) => !isThere(awaited));
    return timer;
  }

  clearTimeout(timer: unknown): void {
    this.#timers.delete(timer as Timer);
  }

  get pending(): number {
    return this.#timers.size;
  }

  waiting(count = 1): Promise<void> {
    if (this.#timers.size >= count) return Promise.resolve();
    return new Promise((resolve) => this.#awaited.push({ count, resolve }));
  }

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

/** A turn of the event loop: all microtasks that are due have run. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    if (immediate === undefined) timeout(resolve, 0);
    else immediate(resolve);
  });
}
