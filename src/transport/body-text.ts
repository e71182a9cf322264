import { APITimeoutError } from '../errors.js';
import { toPromise } from '../pull/poll.js';
import { ByteList } from '../sse/byte-list.js';
import { connectionError } from './connection-error.js';
import type { Deadline } from './deadline.js';
import type { ResponseBody } from './port.js';
import { type SizeLimits, tooLarge } from './size-limits.js';

/** What reading a response needs to know of its request. */
export interface Attempt {
  deadline: Deadline;
  /** Fires when the attempt is over; its reason is the AnthropicError to throw. */
  signal: AbortSignal;
}

/**
 * The whole body as text, for responses that are not streams.
 * @throws StreamProtocolError where it is over the limit.
 */
export async function bodyText(
  body: ResponseBody,
  attempt: Attempt,
  limits: SizeLimits,
): Promise<string> {
  const bytes = new ByteList();
  for await (const chunk of chunks(body, attempt)) {
    if (bytes.length + chunk.length > limits.maxMessageBytes) throw tooLarge('response', limits);
    bytes.push(chunk);
  }
  return new TextDecoder().decode(bytes.take());
}

const MAX_ERROR_BYTES = 100_000;

/** The body of an error response, as much of it as arrives: the status is the news, not the body's fate. */
export async function errorBodyText(body: ResponseBody, attempt: Attempt): Promise<string> {
  const bytes = new ByteList();
  try {
    for await (const chunk of chunks(body, attempt)) {
      bytes.push(chunk);
      if (bytes.length >= MAX_ERROR_BYTES) break;
    }
  } catch (error) {
    // Cancelled by the caller. A clock that ran out only means that there is no more of the body.
    if (attempt.signal.aborted && !(error instanceof APITimeoutError)) throw error;
  }
  return new TextDecoder().decode(bytes.take().subarray(0, MAX_ERROR_BYTES));
}

async function* chunks(
  body: ResponseBody,
  { deadline, signal }: Attempt,
): AsyncGenerator<Uint8Array> {
  try {
    for (;;) {
      const read = toPromise((wake) => body.read(wake));
      const chunk = await deadline.wait(read, 'idle');
      if (chunk === null) return;
      yield chunk;
    }
  } catch (error) {
    throw connectionError(error, 'idle', signal);
  } finally {
    body.cancel(new Error('the rest of the body is not read'));
  }
}
