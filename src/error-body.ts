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
 * The error for an HTTP status and the body that came with it.
 * @param body what the body's JSON says, or the text of a body that is not JSON.
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
  const passedOn = ownErrors.get(type);
  if (passedOn) return passedOn(message, details(undefined, body, headers));
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
 * How an error travels on in a stream of ours (`toResponse()`): API errors as they came, our own
 * under a type from which `eventError` makes the same class again.
 */
export function toErrorBody(error: AnthropicError): ErrorBody {
  const fromApi = error instanceof APIError && isErrorBody(error.body);
  const said = fromApi
    ? (error.body as ErrorBody).error
    : { type: typeOf(error), message: error.reason };
  const requestId = error.requestId === undefined ? {} : { request_id: error.requestId };
  return { type: 'error', error: said, ...requestId, ...statusBeside(said.type, error) };
}

/** A body of ours with the HTTP status, where the error's type does not stand for it: 422, 503. */
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

type OwnError = (reason: string, details: APIErrorDetails) => AnthropicError;

const TIMEOUTS: readonly TimeoutPhase[] = ['response', 'idle', 'stall', 'total'];

const ownErrors: ReadonlyMap<string, OwnError> = new Map<string, OwnError>([
  ['stream_protocol_error', (reason, given) => new StreamProtocolError(reason, given)],
  ['stream_truncated_error', (reason, given) => new StreamTruncatedError(reason, given)],
  ['user_abort_error', (reason, given) => new APIUserAbortError(reason, given)],
  ['connection_error', (reason, given) => new APIConnectionError(reason, given)],
  ['anthropic_error', (reason, given) => new AnthropicError(reason, given)],
  ...TIMEOUTS.map(
    (phase) =>
      [
        `${phase}_timeout_error`,
        (reason: string, given: APIErrorDetails) => new APITimeoutError(reason, phase, given),
      ] as const,
  ),
]);

function typeOf(error: AnthropicError): string {
  if (error instanceof APITimeoutError) return `${error.phase}_timeout_error`;
  if (error instanceof StreamTruncatedError) return 'stream_truncated_error';
  if (error instanceof APIUserAbortError) return 'user_abort_error';
  if (error instanceof APIConnectionError) return 'connection_error';
  if (error instanceof StreamProtocolError) return 'stream_protocol_error';
  if (!(error instanceof APIStatusError)) return 'anthropic_error';
  for (const [type, [stands]] of byType) if (stands === error.status) return type;
  return 'api_error';
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

function excerpt(body: unknown): string {
  const text = typeof body === 'string' ? body : (JSON.stringify(body) ?? '');
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 200 ? `${line.slice(0, 200)}…` : line;
}
