import { APITimeoutError, APIUserAbortError, StreamTruncatedError } from '../errors.js';
import type { Outcome } from '../observe.js';

/** How a call ended, of the error that it ended with. */
export function outcomeOf(error: unknown): Outcome {
  if (error === undefined) return 'complete';
  if (error instanceof APIUserAbortError) return 'closed';
  if (error instanceof StreamTruncatedError) return 'truncated';
  const phase = error instanceof APITimeoutError ? error.phase : undefined;
  return phase === 'idle' || phase === 'stall' || phase === 'total' ? phase : 'failed';
}
