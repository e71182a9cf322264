import type { Usage } from './wire/usage.js';

/** How a call ended: in full, by a failure, by its caller, cut off, or by one of the clocks. */
export type Outcome = 'complete' | 'failed' | 'closed' | 'truncated' | 'idle' | 'stall' | 'total';

/** What pairs the observations of one call. */
export interface ObservedCall {
  /** Of the call: a stream, a `create`, a `countTokens`. */
  streamId: string;
  /** Of the tool run that the call belongs to. */
  runId?: string;
  /** Its turn in the run, from 1 on. */
  turn?: number;
}

/** The same, of one request of the call. */
export interface ObservedAttempt extends ObservedCall {
  attemptId: string;
}

/** What happens to the requests of one call. */
export type Report =
  | { type: 'request'; method: string; url: string; timeouts: Readonly<Record<string, number>> }
  | { type: 'response'; status: number; requestId: string | undefined; ms: number }
  | { type: 'retry'; attempt: number; delay: number; error: Error }
  | { type: 'recover'; attempt: number; mode: string; error: Error };

export type Reporter = (report: Report) => void;

/**
 * What an observer sees: never a key, never a message. For logs and metrics; `ANTHROPIC_LOG` prints it.
 * `ms` and `delay` are whole milliseconds.
 */
export type Observation =
  /** A request goes out; `attempt` is 1 for the first of the call. */
  | (ObservedAttempt & { type: 'request'; attempt: number; method: string; url: string })
  /** Response headers are here, `ms` after the request. */
  | (ObservedAttempt & {
      type: 'response';
      status: number;
      requestId: string | undefined;
      ms: number;
    })
  /** The first content was read, `ms` after the call's first request. */
  | (ObservedAttempt & { type: 'firstContent'; ms: number })
  /** A request failed and is repeated after `delay`; `attempt` is 1 for the first retry. */
  | (ObservedAttempt & { type: 'retry'; attempt: number; delay: number; error: Error })
  /** A stream broke, and its rest is requested; `attempt` is 1 for the first recovery. */
  | (ObservedAttempt & { type: 'recover'; attempt: number; mode: string; error: Error })
  /** A recovery discards the blocks from `index` on. */
  | (ObservedCall & { type: 'restart'; index: number })
  /** The call is over, `ms` after its first need. `usage` as far as the server told it. */
  | (ObservedCall & {
      type: 'end';
      outcome: Outcome;
      ms: number;
      attempts: number;
      recoveries: number;
      usage: Partial<Usage> | undefined;
      error: Error | undefined;
    })
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
