import { excerpt } from '../error-body.js';
import { type AnthropicError, StreamProtocolError, StreamTruncatedError } from '../errors.js';
import { isRecord } from '../json/is-record.js';
import { parseJson } from '../json/parse-json.js';
import { saidError } from '../said-error.js';
import type { ResponseHead } from '../transport/port.js';
import { undecodedError } from '../transport/undecoded.js';

/** Makes the error of an error body that came with a good status. */
export type ReadError = (body: unknown, headers: Headers, httpStatus: number) => AnthropicError;

/**
 * What a body is that contains no events. Gateways respond with JSON where an event stream was asked
 * for, status 200: a whole message, or an error.
 * @returns what may be a message, and the error where it is none.
 * @throws AnthropicError for any other body.
 */
export function readOtherBody(
  text: string,
  head: ResponseHead,
  readError: ReadError,
): { body: unknown; error: AnthropicError } {
  if (!/^\s*[{[]/.test(text)) throw notEvents(text, head);
  let body: unknown;
  try {
    body = parseJson(text);
  } catch (cause) {
    if (cause instanceof RangeError) {
      throw new StreamProtocolError(`the body is JSON that ${cause.message}`, { cause });
    }
    throw new StreamTruncatedError(`the body is JSON without its end: ${excerpt(text)}`, { cause });
  }
  const isError = saidError(body) !== undefined;
  const error = isError ? readError(body, head.headers(), head.status) : notEvents(text, head);
  const maybeMessage = isRecord(body) && (Array.isArray(body.content) || 'stop_reason' in body);
  if (maybeMessage) return { body, error };
  throw error;
}

function notEvents(text: string, head: ResponseHead): AnthropicError {
  const undecoded = undecodedError(text, head);
  if (undecoded !== undefined) return undecoded;
  const type = head.header('content-type') ?? 'text/event-stream';
  if (type.includes('event-stream')) {
    return new StreamTruncatedError('the body ended before the first event');
  }
  return new StreamProtocolError(`the body is ${type}, not an event stream: ${excerpt(text)}`);
}
