import {
  type APIErrorDetails,
  APIStatusError,
  AuthenticationError,
  BadRequestError,
  ClientClosedRequestError,
  ConflictError,
  GatewayTimeoutError,
  InternalServerError,
  NotFoundError,
  NotImplementedError,
  OverloadedError,
  PaymentRequiredError,
  PermissionDeniedError,
  PreconditionFailedError,
  RateLimitError,
  RequestHeaderFieldsTooLargeError,
  RequestTimeoutError,
  RequestTooLargeError,
  ServiceUnavailableError,
  StreamProtocolError,
  UnprocessableEntityError,
} from './errors.js';
import { saidError } from './said-error.js';
import type { ErrorBody } from './wire/errors.js';

type StatusErrorClass = typeof APIStatusError;

/** WIRE, Errors: each type, the status it stands for, and its class. */
export const byType: ReadonlyMap<string, readonly [status: number, StatusErrorClass]> = new Map([
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
  [412, PreconditionFailedError],
  [422, UnprocessableEntityError],
  [431, RequestHeaderFieldsTooLargeError],
  [499, ClientClosedRequestError],
  [501, NotImplementedError],
  [503, ServiceUnavailableError],
  [504, GatewayTimeoutError],
]);

/**
 * The error for an HTTP status and its body.
 * @param body the parsed JSON, or the text of a body that is not JSON.
 * @param said what the message says besides the status.
 */
export function statusError(
  status: number,
  body: unknown,
  headers?: Headers,
  said: string = saidIn(body),
): APIStatusError {
  const Class = classOf(status);
  const details = detailsOf({ status, body, headers, httpStatus: status });
  return new Class(`HTTP ${status} ${said}`.trimEnd(), details);
}

/** What an error body says, of any kind. */
export function saidIn(body: unknown): string {
  return isErrorBody(body) ? `${body.error.type}: ${body.error.message}` : excerpt(body);
}

/**
 * The error for an `error` event, in any shape: class and status follow its type, or the code that it has.
 * @param httpStatus that of the response, which had begun well.
 */
export function eventError(
  body: unknown,
  headers?: Headers,
  httpStatus?: number,
): APIStatusError | StreamProtocolError {
  const said = saidError(body);
  if (said === undefined) {
    return new StreamProtocolError(`an error event without an error: ${excerpt(body)}`);
  }
  const { type, message } = said;
  const [implied, ClassOfType] = byType.get(type ?? '') ?? [];
  const status = relayedStatus(body) ?? implied ?? said.status;
  const Class = status === implied && ClassOfType ? ClassOfType : classOf(status ?? 0);
  const details = detailsOf({ status, body, headers, httpStatus });
  const text = type === undefined || type === message ? message : `${type}: ${message}`;
  return new Class(text, { ...details, type });
}

/** Whether something has the shape of the API's error body. */
export function isErrorBody(body: unknown): body is ErrorBody {
  const error = (body as { error?: { type?: unknown; message?: unknown } | null } | null)?.error;
  return typeof error?.type === 'string' && typeof error.message === 'string';
}

/** The status beside the error, where its type doesn't imply it. */
function relayedStatus(body: unknown): number | undefined {
  const { status } = body as { status?: unknown };
  return Number.isInteger(status) && Number(status) >= 300 ? Number(status) : undefined;
}

function classOf(status: number): StatusErrorClass {
  return byStatus.get(status) ?? (status >= 500 ? InternalServerError : APIStatusError);
}

/** What an error knows of the response that it came in. */
export function detailsOf(
  response: Pick<APIErrorDetails, 'status' | 'body' | 'headers' | 'httpStatus'>,
): APIErrorDetails {
  const { body, headers } = response;
  const known = isErrorBody(body) ? body : undefined;
  const requestId = headers?.get('request-id') ?? text(known?.request_id);
  return { ...response, type: known?.error.type, requestId };
}

/** A field of a foreign body, where it is a text. */
function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** The start of a body, in one line. */
export function excerpt(body: unknown): string {
  const text = typeof body === 'string' ? body : (JSON.stringify(body) ?? '');
  // Cut before it is worked on: a body can be large.
  const line = text.trimStart().slice(0, 2_000).replace(/\s+/g, ' ').trim();
  return line.length > 200 ? `${line.slice(0, 200)}…` : line;
}
