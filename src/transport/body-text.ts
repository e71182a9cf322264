import { APITimeoutError } from '../errors.js';
import { toPromise } from '../pull/poll.js';
import { connectionError } from './connection-error.js';
import type { Deadline } from './deadline.js';
import type { ResponseBody } from './port.js';

/** What reading a response needs to know of its request. */
export interface Attempt {
  deadline: Deadline;
  /** Fires when the attempt is over; its reason is the AnthropicError to throw. */
  signal: AbortSignal;
}

/** The whole body as text, for responses that are not streams. */
export async function bodyText(body: ResponseBody, attempt: Attempt): Promise<string> {
  const utf8 = new TextDecoder();
  let text = '';
  for await (const chunk of chunks(body, attempt)) {
    text += utf8.decode(chunk, { stream: true });
  }
  return text + utf8.decode();
}

const MAX_ERROR_CHARACTERS = 100_000;

/** The body of an error response, as much of it as arrives: the status is the news, not the body's fate. */
export async function errorBodyText(body: ResponseBody, attempt: Attempt): Promise<string> {
  const utf8 = new TextDecoder();
  let text = '';
  try {
    for await (const chunk of chunks(body, attempt)) {
      text += utf8.decode(chunk, { stream: true });
      if (text.length >= MAX_ERROR_CHARACTERS) break;
    }
  } catch (error) {
    // Cancelled by the caller. A clock that ran out only means that there is no more of the body.
    if (attempt.signal.aborted && !(error instanceof APITimeoutError)) throw error;
  }
  return text.slice(0, MAX_ERROR_CHARACTERS);
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
