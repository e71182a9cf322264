import type { CancelSignal } from './cancellation.js';

/** Time in milliseconds; tests pass their own. */
export interface Clock {
  /** Monotonic. */
  now(): number;
  /** @returns what `clearTimeout` takes. */
  setTimeout(callback: () => void, ms: number): unknown;
  /** A timer that has fired is no error. */
  clearTimeout(timer: unknown): void;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  // Node warns of a negative time.
  setTimeout: (callback, ms) => setTimeout(callback, Math.max(ms, 0)),
  clearTimeout: (timer) => clearTimeout(timer as number),
};

/** setTimeout fires at once for anything longer. */
export const LONGEST_TIMER_MS = 2_147_483_647;

/** Resolves after `ms`; rejects at once with the signal's reason when that fires. */
export function sleep(ms: number, clock: Clock, signal: CancelSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const abort = (): void => {
      clock.clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = clock.setTimeout(() => {
      signal.removeEventListener('abort', abort);
      resolve();
    }, ms);
    signal.addEventListener('abort', abort, { once: true });
  });
}
