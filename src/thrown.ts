/**
 * The text of anything that was thrown: an error's message, else its string. Never throws, whatever
 * `toString`, getters or proxies do.
 */
export function thrownText(thrown: unknown): string {
  try {
    const message = isError(thrown) ? thrown.message : thrown;
    return String(message);
  } catch {
    return 'a value that has no text';
  }
}

/** `instanceof` that a proxy can't make throw. */
export function isError(thrown: unknown): thrown is Error {
  try {
    return thrown instanceof Error;
  } catch {
    return false;
  }
}

/** Whether a value can be awaited. */
export function isThenable<T>(value: T | PromiseLike<T>): value is PromiseLike<T> {
  return typeof (value as Partial<PromiseLike<T>> | null | undefined)?.then === 'function';
}

/** Raises an error that nothing can receive, as an unhandled rejection: the process learns of it. */
export function raise(error: Error): void {
  void Promise.reject(error);
}
