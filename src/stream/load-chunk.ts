import { AnthropicError, asAnthropicError } from '../errors.js';
import { Deadline } from '../transport/deadline.js';
import { type AbortSignals, endOnAbort } from '../transport/on-abort.js';
import type { RequestOptions, ResolvedOptions } from '../transport/options.js';
import { withTimeout } from '../transport/timeouts.js';

/** The clocks of a wait for code, which belongs to no request yet. */
export function chunkDeadline(
  { timeouts, clock }: Pick<ResolvedOptions, 'timeouts' | 'clock'>,
  { timeout }: Pick<RequestOptions, 'timeout'>,
): Deadline {
  return new Deadline(withTimeout(timeouts, timeout), clock, () => {});
}

/**
 * Loads code that few need: bundlers make a separate chunk of a dynamic import.
 * @param what the feature that needs it, for the error message.
 * @param deadline its `response` and `total` clocks limit the wait: a promise for code may never settle.
 * @param signals end the wait.
 * @throws AnthropicError (rejects) where it does not load: a chunk may be gone from its server.
 */
export async function loadChunk<T>(
  what: string,
  chunk: Promise<T>,
  deadline: Deadline,
  signals: AbortSignals = [],
): Promise<T> {
  let stopListening = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    stopListening = endOnAbort(signals, reject);
  });
  try {
    const loaded = Promise.race([chunk, aborted]);
    return await deadline.wait(loaded, 'response', `the code for ${what} did not load`);
  } catch (cause) {
    if (cause instanceof AnthropicError) throw cause;
    const why = asAnthropicError(cause).message;
    throw new AnthropicError(`the code for ${what} did not load: ${why}`, { cause });
  } finally {
    stopListening();
  }
}
