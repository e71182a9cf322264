import type { Clock } from '../../src/transport/clock.js';

interface Timer {
  at: number;
  callback: () => void;
}

/** Time that stands still until the test turns it. Timers fire in their order, each at its time. */
export class ManualClock implements Clock {
  #now = 0;
  readonly #timers = new Set<Timer>();

  now(): number {
    return this.#now;
  }

  setTimeout(callback: () => void, ms: number): Timer {
    const timer = { at: this.#now + Math.max(ms, 0), callback };
    this.#timers.add(timer);
    return timer;
  }

  clearTimeout(timer: unknown): void {
    this.#timers.delete(timer as Timer);
  }

  /** How many timers are set. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Lets `ms` pass. What a timer sets off through promises has happened when this resolves. */
  async advance(ms: number): Promise<void> {
    const until = this.#now + ms;
    for (let next = this.#firstUntil(until); next; next = this.#firstUntil(until)) {
      this.#timers.delete(next);
      this.#now = next.at;
      next.callback();
      await settled();
    }
    this.#now = until;
    await settled();
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
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
