import { byType, detailsOf, eventError, isErrorBody } from './error-body.js';
import {
  AnthropicError,
  APIConnectionError,
  APIError,
  type APIErrorDetails,
  APIStatusError,
  APITimeoutError,
  APIUserAbortError,
  StreamProtocolError,
  StreamTruncatedError,
  type TimeoutPhase,
} from './errors.js';
import type { ErrorBody } from './wire/errors.js';

/*
 * How errors travel from `toResponse()` to `MessageStream.from()`. Only there: the types of client-side
 * errors mean nothing in a stream of the API, where a server could forge them.
 */

type ClientErrorClass = new (reason: string, details: APIErrorDetails) => AnthropicError;
type ClientType = readonly [type: string, Class: ClientErrorClass, text: string];

/**
 * Client-side errors by the types that stand for them, a class before those that it extends, with the
 * text that a page may see: the real one can contain addresses and what callbacks threw.
 */
const CLIENT_TYPES: readonly ClientType[] = [
  [
    'stream_truncated_error',
    StreamTruncatedError,
    'the response of the API ended before its message did',
  ],
  ['user_abort_error', APIUserAbortError, 'the request was aborted'],
  ['connection_error', APIConnectionError, 'the server has no connection to the API'],
  ['stream_protocol_error', StreamProtocolError, 'the API sent an invalid response'],
  ['anthropic_error', AnthropicError, 'the server could not handle the request'],
];

const TIMEOUT = /^(response|idle|stall|total)_timeout_error$/;
const TIMEOUT_TEXT = 'the API took too long to respond';

/**
 * The body of an error as it is passed on: API errors as received, client-side errors under a type from
 * which `fromRelayedBody` makes the same class again.
 * @param isMasked whether a client-side error is sent with a fixed text in place of its own.
 */
export function toRelayedBody(error: AnthropicError, isMasked: boolean): RelayedBody {
  const isFromApi = error instanceof APIError && isErrorBody(error.body);
  const requestId = error.requestId === undefined ? {} : { request_id: error.requestId };
  const said = isFromApi ? (error.body as ErrorBody).error : clientBody(error, isMasked);
  return { type: 'error', error: said, ...requestId, ...statusBeside(said.type, error) };
}

/** The error for an `error` event in a response that `toResponse()` made. */
export function fromRelayedBody(
  body: unknown,
  headers?: Headers,
  httpStatus?: number,
): AnthropicError {
  if (!isErrorBody(body)) return eventError(body, headers, httpStatus);
  const { type, message } = body.error;
  const details = detailsOf({ status: undefined, body, headers, httpStatus });
  const phase = TIMEOUT.exec(type)?.[1] as TimeoutPhase | undefined;
  if (phase !== undefined) return new APITimeoutError(message, phase, details);
  const Class = CLIENT_TYPES.find(([own]) => own === type)?.[1];
  return Class ? new Class(message, details) : eventError(body, headers, httpStatus);
}

/** A relayed body with the HTTP status, where the error's type doesn't imply it: 422, 503. */
interface RelayedBody extends ErrorBody {
  status?: number;
}

function clientBody(error: AnthropicError, isMasked: boolean): ErrorBody['error'] {
  if (error instanceof APITimeoutError) {
    const type = `${error.phase}_timeout_error`;
    return { type, message: isMasked ? TIMEOUT_TEXT : error.reason };
  }
  if (error instanceof APIStatusError) {
    // Without a status it must not get one by its type: that would make it retryable.
    const byStatus = [...byType].find(([, [status]]) => status === error.status)?.[0];
    const type = byStatus ?? (error.status === undefined ? 'unknown_error' : 'api_error');
    return { type, message: isMasked ? statusText(error) : error.reason };
  }
  // The `error` option of toResponse() can return anything: the last row is for that too.
  const found = CLIENT_TYPES.find(([, Class]) => error instanceof Class) ?? CLIENT_TYPES.at(-1);
  const [type, , text] = found as ClientType;
  return { type, message: isMasked ? text : error.reason };
}

/** The body was no error of the API: a page of a proxy, or a redirect, can name addresses. */
function statusText({ status }: APIStatusError): string {
  return status === undefined
    ? 'the API reported an error'
    : `the API responded with HTTP ${status}`;
}

function statusBeside(type: string, error: AnthropicError): Pick<RelayedBody, 'status'> {
  const { status } = error instanceof APIStatusError ? error : {};
  return status === undefined || byType.get(type)?.[0] === status ? {} : { status };
}
