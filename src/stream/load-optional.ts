/** Loads code that is not worth a failure. @returns undefined where it does not load, or not in time. */
export function loadOptional<T>(chunk: Promise<T>): Promise<T | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, MOST_WAIT_MS, undefined);
    chunk
      .catch(() => undefined)
      .then((loaded) => {
        clearTimeout(timer);
        resolve(loaded);
      });
  });
}

/** How long a stream waits for code that it can do without, in milliseconds. */
const MOST_WAIT_MS = 10_000;
