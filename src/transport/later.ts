/**
 * Who waits for a value. An object and not two functions: with a thousand streams, each function of their
 * own that an event goes through is one more thing that is no longer in the processor's cache.
 */
export interface Waiting<T> {
  arrived(value: T): void;
  failed(error: unknown): void;
}

/** What was asked for is not at hand. Who asked is told when it is, in the very turn in which it comes. */
export const LATER: unique symbol = Symbol('later');

/**
 * A value at once where it is at hand. Promises for each piece of a stream, through each of its layers,
 * would cost more than the piece.
 */
export type MaybeLater<T> = T | typeof LATER;

/** Asks for one who awaits, where that is not for each piece. */
export function promised<T>(ask: (waiting: Waiting<T>) => MaybeLater<T>): Promise<T> {
  return new Promise((arrived, failed) => {
    const value = ask({ arrived, failed });
    if (value !== LATER) arrived(value);
  });
}

/** Tells who waits what a promise brings. */
export function tell<T>(promise: Promise<T>, waiting: Waiting<T>): typeof LATER {
  promise.then(
    (value) => waiting.arrived(value),
    (error) => waiting.failed(error),
  );
  return LATER;
}
