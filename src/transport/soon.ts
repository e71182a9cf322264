/**
 * Who waits for a value. An object and not two functions: with a thousand streams, each function of their
 * own that an event goes through is one more thing that is no longer in the processor's cache.
 */
export interface Waiting<T> {
  arrived(value: T): void;
  failed(error: unknown): void;
}

/**
 * A value that comes later, for one who waits, and is told in the very turn in which it comes. Promises for
 * each piece of a stream, through each of its layers, would cost more than the piece; so would a new one of
 * these: it serves again for the next value, once this one has been taken.
 */
export class Soon<T> {
  #settled: { value: T } | { error: unknown } | undefined;
  #waiting: Waiting<T> | undefined;

  tell(waiting: Waiting<T>): void {
    const settled = this.#settled;
    if (settled === undefined) {
      this.#waiting = waiting;
      return;
    }
    this.#settled = undefined;
    if ('value' in settled) waiting.arrived(settled.value);
    else waiting.failed(settled.error);
  }

  /** What the listeners give or throw goes nowhere. */
  // biome-ignore lint/suspicious/noThenProperty: it can be awaited, where that is not for each piece.
  then(arrived: (value: T) => void, failed: (error: unknown) => void): void {
    this.tell({ arrived, failed });
  }

  /** Once, and only if it has not been rejected. */
  resolve(value: T): void {
    const waiting = this.#waiting;
    if (waiting === undefined) this.#settled = { value };
    else {
      this.#waiting = undefined;
      waiting.arrived(value);
    }
  }

  /** Once, and only if it has not been resolved. */
  reject(error: unknown): void {
    const waiting = this.#waiting;
    if (waiting === undefined) this.#settled = { error };
    else {
      this.#waiting = undefined;
      waiting.failed(error);
    }
  }
}

export type Later<T> = Soon<T> | Promise<T>;

/** A value at once where it is at hand. */
export type MaybeLater<T> = T | Later<T>;

export function isLater<T>(value: MaybeLater<T>): value is Later<T> {
  return value instanceof Soon || value instanceof Promise;
}

/** Tells who waits of what comes later. */
export function tell<T>(later: Later<T>, waiting: Waiting<T>): void {
  if (later instanceof Soon) later.tell(waiting);
  else {
    later.then(
      (value) => waiting.arrived(value),
      (error) => waiting.failed(error),
    );
  }
}
