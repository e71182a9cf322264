/**
 * Keeps a promise that may be awaited late, or never, from raising an unhandled rejection. Code that
 * awaits it still gets the error.
 */
export function markHandled<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}
