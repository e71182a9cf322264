import type { Texts } from './sse-response.js';

/** Proxies close connections that are silent for a minute, and readers give up after three. */
const INTERVAL_MS = 15_000;

const PING = 'event: ping\ndata: {"type":"ping"}\n\n';

/** Adds an event, or a comment, wherever the next text takes long, such as while a tool runs or a person is asked. */
export function keepAlive(texts: Texts, ping: string = PING, ms: number = INTERVAL_MS): Texts {
  /** One that a ping has overtaken. */
  let waiting: Promise<IteratorResult<string, undefined>> | undefined;
  return {
    next() {
      waiting ??= texts.next();
      const next = waiting;
      return new Promise((resolve, reject) => {
        let isAnswered = false;
        const timer = setTimeout(() => {
          isAnswered = true;
          resolve({ done: false, value: ping });
        }, ms);
        const settle = (): void => {
          // It is for the call that comes next.
          if (isAnswered) return;
          clearTimeout(timer);
          waiting = undefined;
          next.then(resolve, reject);
        };
        next.then(settle, settle);
      });
    },
    async return() {
      // It settles what waits.
      await texts.return?.();
      return { done: true, value: undefined };
    },
  };
}
