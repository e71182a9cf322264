import { APITimeoutError } from '../errors.js';
import { toPromise } from '../pull/poll.js';
import { ByteList } from '../sse/byte-list.js';
import type { CancelSignal } from './cancellation.js';
import { connectionError } from './connection-error.js';
import type { Deadline } from './deadline.js';
import type { ResponseBody } from './port.js';

/** What reading a response needs to know of its request. */
export interface Attempt {
  deadline: Deadline;
  /** Where the request went; undefined where it was sent elsewhere. */
  url?: string | undefined;
  /** Fires when the attempt is over; its reason is the AnthropicError to throw. */
  signal: CancelSignal;
}

const MAX_ERROR_BYTES = 100_000;

/** The body of an error response, as much of it as arrives in a few seconds: the status is the news. */
export async function errorBodyText(body: ResponseBody, attempt: Attempt): Promise<string> {
  const bytes = new ByteList();
  try {
    for await (const chunk of chunks(body, attempt, 'error-body')) {
      bytes.push(chunk);
      if (bytes.length >= MAX_ERROR_BYTES) break;
    }
  } catch (error) {
    // Cancelled by the caller. A clock that ran out only means that there is no more of the body.
    if (attempt.signal.aborted && !(error instanceof APITimeoutError)) throw error;
  }
  return new TextDecoder().decode(bytes.take().subarray(0, MAX_ERROR_BYTES));
}

/**
 * A body, piece by piece. Leaving it closes the connection.
 * @param phase which clocks run.
 */
export async function* chunks(
  body: ResponseBody,
  { deadline, signal, url }: Attempt,
  phase: 'body' | 'error-body' | 'idle',
): AsyncGenerator<Uint8Array> {
  try {
    for (;;) {
      // A clock that has run out ends it, after what is here.
      const expired = deadline.check(phase);
      if (expired !== undefined) body.cancel(expired);
      const read = toPromise((wake) => body.read(wake));
      const chunk = await deadline.wait(read, phase);
      if (chunk === null) return;
      yield chunk;
    }
  } catch (error) {
    throw connectionError(error, { signal, url });
  } finally {
    body.cancel(new Error('the rest of the body is not read'));
  }
}
