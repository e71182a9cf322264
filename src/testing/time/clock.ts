/*
 * The client has a clock of its own in transport/, with the same interface, which the layers keep apart
 * from the emulator. The functions differ: here an abort ends a wait (a client that leaves is an event, not
 * an error), there it rejects with the client's error.
 */

/** Where the emulator gets the time from, in milliseconds. */
export interface Clock {
  /** Monotonic, with any start. */
  now(): number;
  /** @returns what `clearTimeout` takes. */
  setTimeout(callback: () => void, ms: number): unknown;
  /** Clearing a timer that has fired is not an error. */
  clearTimeout(timer: unknown): void;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  setTimeout: (callback, ms) => setTimeout(callback, ms),
  clearTimeout: (timer) => clearTimeout(timer as ReturnType<typeof setTimeout>),
};

/** Resolves after some time, or when the signal aborts. Never rejects. */
export function sleep(clock: Clock, ms: number, signal: AbortSignal | undefined): Promise<void> {
  if (signal?.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const wake = (): void => {
      clock.clearTimeout(timer);
      signal?.removeEventListener('abort', wake);
      resolve();
    };
    const timer = clock.setTimeout(wake, ms);
    signal?.addEventListener('abort', wake, { once: true });
  });
}

/** Settles as the promise does, unless the signal aborts first: then it rejects with the reason. */
export function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    void promise.then(resolve, reject).then(() => signal.removeEventListener('abort', abort));
  });
}
