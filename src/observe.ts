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
