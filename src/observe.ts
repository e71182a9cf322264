/**
 * What an observer sees: never a key, never a message. For logs and metrics; `ANTHROPIC_LOG` prints it.
 * `ms` and `delay` are milliseconds.
 */
export type Observation =
  | { type: 'request'; method: string; url: string }
  | { type: 'response'; status: number; requestId: string | undefined; ms: number }
  | { type: 'retry'; attempt: number; delay: number; error: Error }
  | { type: 'warning'; message: string };

/**
 * Called synchronously with each observation, in the async context of the call that it is about; what it
 * throws is ignored.
 */
export type Observer = (observation: Observation) => void;

/** An observer must not break what it observes. */
export function safeObserver(observe: Observer | undefined): Observer | undefined {
  return (
    observe &&
    ((observation) => {
      try {
        // An async function fits the type too: it may reject.
        const returned: unknown = observe(observation);
        if (returned instanceof Promise) returned.catch(() => {});
      } catch {
        // An observer that throws can't be told of it.
      }
    })
  );
}
