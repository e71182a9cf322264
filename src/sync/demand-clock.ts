import type { Clock } from '../transport/clock.js';

interface Timer {
  at: number;
  callback: () => void;
  handle: unknown;
}

/**
 * A clock that stops while the reader isn't waiting. The worker reads a little ahead of the client's
 * thread, and the limits on waiting for the server apply to the reader's waits, not to that.
 */
export class DemandClock implements Clock {
  readonly #base: Clock;
  readonly #timers = new Set<Timer>();
  #elapsed = 0;
  /** When it was started, in the base clock's time; undefined while it stands still. */
  #since: number | undefined;

  constructor(base: Clock) {
    this.#base = base;
  }

  now(): number {
    return this.#elapsed + (this.#since === undefined ? 0 : this.#base.now() - this.#since);
  }

  setTimeout(callback: () => void, ms: number): Timer {
    const timer = { at: this.now() + ms, callback, handle: undefined };
    this.#timers.add(timer);
    if (this.#since !== undefined) this.#arm(timer);
    return timer;
  }

  clearTimeout(timer: unknown): void {
    if (!this.#timers.delete(timer as Timer)) return;
    this.#base.clearTimeout((timer as Timer).handle);
  }

  start(): void {
    if (this.#since !== undefined) return;
    this.#since = this.#base.now();
    for (const timer of this.#timers) this.#arm(timer);
  }

  stop(): void {
    this.#elapsed = this.now();
    this.#since = undefined;
    for (const { handle } of this.#timers) this.#base.clearTimeout(handle);
  }

  #arm(timer: Timer): void {
    timer.handle = this.#base.setTimeout(() => {
      this.#timers.delete(timer);
      timer.callback();
    }, timer.at - this.now());
  }
}
