import {
  AnthropicError,
  APIConnectionError,
  APIError,
  type APIErrorDetails,
  APIStatusError,
  APITimeoutError,
  APIUserAbortError,
  AuthenticationError,
  BadRequestError,
  ConflictError,
  InternalServerError,
  NotFoundError,
  OverloadedError,
  PaymentRequiredError,
  PermissionDeniedError,
  RateLimitError,
  RequestTimeoutError,
  RequestTooLargeError,
  StreamProtocolError,
  StreamTruncatedError,
  type TimeoutPhase,
  UnprocessableEntityError,
} from './errors.js';
import type { ErrorBody } from './wire/errors.js';

type StatusErrorClass = typeof APIStatusError;

/** WIRE, Errors: each type, the status it stands for, and its class. */
const byType: ReadonlyMap<string, readonly [status: number, StatusErrorClass]> = new Map([
  ['invalid_request_error', [400, BadRequestError]],
  ['authentication_error', [401, AuthenticationError]],
  ['billing_error', [402, PaymentRequiredError]],
  ['permission_error', [403, PermissionDeniedError]],
  ['not_found_error', [404, NotFoundError]],
  ['timeout_error', [408, RequestTimeoutError]],
  ['conflict_error', [409, ConflictError]],
  ['request_too_large', [413, RequestTooLargeError]],
  ['rate_limit_error', [429, RateLimitError]],
  ['api_error', [500, InternalServerError]],
  ['overloaded_error', [529, OverloadedError]],
]);

const byStatus: ReadonlyMap<number, StatusErrorClass> = new Map([
  ...byType.values(),
  [422, UnprocessableEntityError],
]);

/**
 * The error for an HTTP status and its body.
 * @param body the parsed JSON, or the text of a body that is not JSON.
 */
export function statusError(status: number, body: unknown, headers?: Headers): APIStatusError {
  const Class = classOf(status);
  const said = isErrorBody(body) ? `${body.error.type}: ${body.error.message}` : excerpt(body);
  return new Class(`HTTP ${status} ${said}`.trimEnd(), details(status, body, headers));
}

/** The error for an `error` event. Its HTTP status was 200: class and status follow its type. */
export function eventError(body: unknown, headers?: Headers): AnthropicError {
  if (!isErrorBody(body)) {
    return new StreamProtocolError(`an error event without an error: ${excerpt(body)}`);
  }
  const { type, message } = body.error;
  const relayedError = clientError(type, message, details(undefined, body, headers));
  if (relayedError) return relayedError;
  const relayed = relayedStatus(body);
  const [status, Class] =
    relayed === undefined
      ? (byType.get(type) ?? [undefined, APIStatusError])
      : [relayed, classOf(relayed)];
  return new Class(`${type}: ${message}`, details(status, body, headers));
}

/** Whether something has the shape of the API's error body. */
export function isErrorBody(body: unknown): body is ErrorBody {
  const error = (body as { error?: { type?: unknown; message?: unknown } | null } | null)?.error;
  return typeof error?.type === 'string' && typeof error.message === 'string';
}

/**
 * How `toResponse()` passes an error on: API errors as received, client-side errors under a type from
 * which `eventError` makes the same class again.
 */
export function toErrorBody(error: AnthropicError): ErrorBody {
  const fromApi = error instanceof APIError && isErrorBody(error.body);
  const said = fromApi
    ? (error.body as ErrorBody).error
    : { type: typeOf(error), message: error.reason };
  const requestId = error.requestId === undefined ? {} : { request_id: error.requestId };
  return { type: 'error', error: said, ...requestId, ...statusBeside(said.type, error) };
}

/** A relayed body with the HTTP status, where the error's type doesn't imply it: 422, 503. */
interface RelayedBody extends ErrorBody {
  status?: number;
}

function statusBeside(type: string, error: AnthropicError): Pick<RelayedBody, 'status'> {
  const { status } = error instanceof APIStatusError ? error : {};
  return status === undefined || byType.get(type)?.[0] === status ? {} : { status };
}

function relayedStatus({ status }: RelayedBody): number | undefined {
  return Number.isInteger(status) && Number(status) >= 300 ? status : undefined;
}

function classOf(status: number): StatusErrorClass {
  return byStatus.get(status) ?? (status >= 500 ? InternalServerError : APIStatusError);
}

type ClientErrorClass = new (reason: string, details: APIErrorDetails) => AnthropicError;

/** Client-side errors by the types that stand for them, a class before those that it extends. */
const clientTypes: readonly (readonly [type: string, Class: ClientErrorClass])[] = [
  ['stream_truncated_error', StreamTruncatedError],
  ['user_abort_error', APIUserAbortError],
  ['connection_error', APIConnectionError],
  ['stream_protocol_error', StreamProtocolError],
  ['anthropic_error', AnthropicError],
];

const TIMEOUT = /^(response|idle|stall|total)_timeout_error$/;

function clientError(
  type: string,
  reason: string,
  given: APIErrorDetails,
): AnthropicError | undefined {
  const phase = TIMEOUT.exec(type)?.[1] as TimeoutPhase | undefined;
  if (phase !== undefined) return new APITimeoutError(reason, phase, given);
  const Class = clientTypes.find(([own]) => own === type)?.[1];
  return Class && new Class(reason, given);
}

function typeOf(error: AnthropicError): string {
  if (error instanceof APITimeoutError) return `${error.phase}_timeout_error`;
  const type =
    error instanceof APIStatusError
      ? [...byType].find(([, [stands]]) => stands === error.status)
      : clientTypes.find(([, Class]) => error instanceof Class);
  return type?.[0] ?? 'api_error';
}

function details(status: number | undefined, body: unknown, headers?: Headers): APIErrorDetails {
  const known = isErrorBody(body) ? body : undefined;
  return {
    status,
    headers,
    body,
    type: known?.error.type,
    requestId: headers?.get('request-id') ?? known?.request_id ?? undefined,
  };
}

/** The start of a body, in one line. */
export function excerpt(body: unknown): string {
  const text = typeof body === 'string' ? body : (JSON.stringify(body) ?? '');
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 200 ? `${line.slice(0, 200)}…` : line;
}
