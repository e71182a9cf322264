import type { Replica } from '../replica.js';

/** Resolves at the next change of a log, after a time, or when the request is over. */
export function change(replica: Replica, signal: AbortSignal, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      replica.unwait(done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    replica.wait(done);
    signal.addEventListener('abort', done);
  });
}
