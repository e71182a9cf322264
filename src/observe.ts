/**
 * What an observer may see of the client's work: never a key, never a message. For logs and metrics;
 * `ANTHROPIC_LOG` prints it. `ms` and `delay` are milliseconds.
 */
export type Observation =
  | { type: 'request'; method: string; url: string }
  | { type: 'response'; status: number; requestId: string | undefined; ms: number }
  | { type: 'retry'; attempt: number; delay: number; error: Error };

/** Called with each observation, at once; what it throws is dropped. */
export type Observer = (observation: Observation) => void;
