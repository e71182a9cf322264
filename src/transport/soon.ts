/**
 * A value that comes later, for one listener, which is called in the very turn in which it comes. Promises
 * for each piece of a stream, through each of its layers, would cost more than the piece.
 */
export class Soon<T> {
  #settled: { value: T } | { error: unknown } | undefined;
  #onValue: ((value: T) => void) | undefined;
  #onError: ((error: unknown) => void) | undefined;

  /** As a promise's, without another promise: what the listeners give or throw goes nowhere. */
  // biome-ignore lint/suspicious/noThenProperty: it can be awaited, where that is not for each piece.
  then(onValue: (value: T) => void, onError: (error: unknown) => void): void {
    if (this.#settled === undefined) {
      this.#onValue = onValue;
      this.#onError = onError;
    } else if ('value' in this.#settled) onValue(this.#settled.value);
    else onError(this.#settled.error);
  }

  /** Once, and only if it has not been rejected. */
  resolve(value: T): void {
    if (this.#onValue === undefined) this.#settled = { value };
    else this.#onValue(value);
  }

  /** Once, and only if it has not been resolved. */
  reject(error: unknown): void {
    if (this.#onError === undefined) this.#settled = { error };
    else this.#onError(error);
  }
}

export type Later<T> = Soon<T> | Promise<T>;

/** A value at once where it is at hand. */
export type MaybeLater<T> = T | Later<T>;

export function isLater<T>(value: MaybeLater<T>): value is Later<T> {
  return value instanceof Soon || value instanceof Promise;
}
