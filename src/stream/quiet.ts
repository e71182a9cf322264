/**
 * Keeps a promise that may be awaited late, or never, from being an unhandled rejection. Whoever
 * awaits it still gets the error.
 */
export function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}
