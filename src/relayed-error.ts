import { detailsOf, eventError, isErrorBody } from './error-body.js';
import {
  AnthropicError,
  APIConnectionError,
  type APIErrorDetails,
  APITimeoutError,
  APIUserAbortError,
  ProducerLostError,
  StreamProtocolError,
  StreamTruncatedError,
  type TimeoutPhase,
} from './errors.js';

/*
 * How errors travel from `toResponse()` to `MessageStream.from()`. Only there: the types of client-side
 * errors mean nothing in a stream of the API, where a server could forge them.
 */

type ClientErrorClass = new (reason: string, details: APIErrorDetails) => AnthropicError;

/** Client-side errors by the types that stand for them, a class before those that it extends. */
export const CLIENT_TYPES: ReadonlyMap<string, ClientErrorClass> = /* @__PURE__ */ new Map<
  string,
  ClientErrorClass
>([
  ['stream_truncated_error', StreamTruncatedError],
  ['producer_lost_error', ProducerLostError],
  ['user_abort_error', APIUserAbortError],
  ['connection_error', APIConnectionError],
  ['stream_protocol_error', StreamProtocolError],
  ['anthropic_error', AnthropicError],
]);

const TIMEOUT = /^(response|idle|stall|total)_timeout_error$/;

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
  const Class = CLIENT_TYPES.get(type);
  if (Class === undefined) return eventError(body, headers, httpStatus);
  return new Class(message, { ...details, ...causeIn(body.error) });
}

/** Why a relayed stream was stopped, where its relay was told. */
function causeIn(error: object): Pick<APIErrorDetails, 'cause'> {
  return 'reason' in error ? { cause: error.reason } : {};
}
