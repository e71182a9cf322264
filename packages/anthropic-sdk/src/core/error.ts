/** The shape of an error body: what the API sends, parsed. */
type ErrorBody = { error?: { type?: unknown; message?: unknown; details?: unknown } } | undefined;

/** Everything that this package throws. `cause` is millrace's error, where it comes from there. */
export class AnthropicError extends Error {
  /** The message as far as it was received; the official SDK has no such field. */
  declare readonly partialMessage: unknown;
}

/** A failed request. In TypeScript `status`, `headers` and `error` are undefined where there was no response. */
export class APIError<
  Status extends number | undefined = number | undefined,
  H extends Headers | undefined = Headers | undefined,
  Body extends object | undefined = object | undefined,
> extends AnthropicError {
  /** The HTTP status; for an `error` event in a stream the status that its type stands for. */
  readonly status: Status;
  /** The response headers. */
  readonly headers: H;
  /** The error body: parsed JSON, else its text. */
  readonly error: Body;
  /** The API's `request-id`. */
  readonly requestID: string | null | undefined;
  /** The workspace that the request was counted to. */
  readonly workspaceID: string | null | undefined;
  /** `error.type` of the body. */
  // biome-ignore lint/suspicious/noExplicitAny: an open set, which programs compare with any of its names.
  readonly type: any;

  constructor(
    status: Status,
    error: Body,
    message: string | undefined,
    headers: H,
    type?: string | null,
  ) {
    super(makeMessage(status, error, message));
    this.status = status;
    this.headers = headers;
    this.requestID = headers?.get('request-id');
    this.workspaceID = headers?.get('anthropic-workspace-id');
    this.error = error;
    this.type = type ?? stringOr(errorIn(error).type, null);
  }

  /** `error.message` of the body. */
  get apiMessage(): string | null {
    return stringOr(errorIn(this.error).message, null);
  }

  /** `error.details` of the body. */
  // biome-ignore lint/suspicious/noExplicitAny: each error code has its own.
  get details(): any {
    return errorIn(this.error).details ?? null;
  }

  /** `error.details.error_code` of the body. */
  get errorCode(): string | null {
    return stringOr(this.details?.error_code, null);
  }

  /** The error of a status: one class for each. Without a status or headers there was no response. */
  static generate(
    status: number | undefined,
    error: object | undefined,
    message: string | undefined,
    headers: Headers | undefined,
  ): APIError {
    if (!status || !headers) {
      const cause = error instanceof Error ? error : undefined;
      return new APIConnectionError({ message, cause }) as APIError;
    }
    const Status = BY_STATUS.get(status) ?? (status >= 500 ? InternalServerError : APIError);
    return new Status(status as never, error, message, headers) as APIError;
  }
}

/** `abort()`, a signal, or a closed client ended the request. */
export class APIUserAbortError extends APIError<undefined, undefined, undefined> {
  constructor({ message }: { message?: string } = {}) {
    super(undefined, undefined, message || 'Request was aborted.', undefined);
  }
}

/** No response, or not all of it: refused, reset, cut before the message was complete. */
export class APIConnectionError extends APIError<undefined, undefined, undefined> {
  constructor({ message, cause }: { message?: string | undefined; cause?: Error | undefined }) {
    super(undefined, undefined, message || 'Connection error.', undefined);
    if (cause) this.cause = cause;
  }
}

/** The server took longer than a clock allows. */
export class APIConnectionTimeoutError extends APIConnectionError {
  constructor({ message }: { message?: string } = {}) {
    super({ message: message ?? 'Request timed out.' });
  }
}

/** In the official SDK, what a middleware throws to have a request retried. There is no middleware here. */
export class RetryableError extends AnthropicError {}

export class BadRequestError extends APIError<400, Headers> {}
export class AuthenticationError extends APIError<401, Headers> {}
export class PaymentRequiredError extends APIError<402, Headers> {}
export class PermissionDeniedError extends APIError<403, Headers> {}
export class NotFoundError extends APIError<404, Headers> {}
export class RequestTimeoutError extends APIError<408, Headers> {}
export class ConflictError extends APIError<409, Headers> {}
export class PreconditionFailedError extends APIError<412, Headers> {}
export class ContentTooLargeError extends APIError<413, Headers> {}
export class UnprocessableEntityError extends APIError<422, Headers> {}
export class RateLimitError extends APIError<429, Headers> {}
export class RequestHeaderFieldsTooLargeError extends APIError<431, Headers> {}
export class ClientClosedRequestError extends APIError<499, Headers> {}
export class InternalServerError extends APIError<number, Headers> {}
export class NotImplementedError extends InternalServerError {}
export class ServiceUnavailableError extends InternalServerError {}
export class GatewayTimeoutError extends InternalServerError {}
export class OverloadedError extends InternalServerError {}

type StatusClass = new (
  status: never,
  error: object | undefined,
  message: string | undefined,
  headers: Headers,
) => APIError<number, Headers>;

const BY_STATUS: ReadonlyMap<number, StatusClass> = new Map<number, StatusClass>([
  [400, BadRequestError],
  [401, AuthenticationError],
  [402, PaymentRequiredError],
  [403, PermissionDeniedError],
  [404, NotFoundError],
  [408, RequestTimeoutError],
  [409, ConflictError],
  [412, PreconditionFailedError],
  [413, ContentTooLargeError],
  [422, UnprocessableEntityError],
  [429, RateLimitError],
  [431, RequestHeaderFieldsTooLargeError],
  [499, ClientClosedRequestError],
  [501, NotImplementedError],
  [503, ServiceUnavailableError],
  [504, GatewayTimeoutError],
  [529, OverloadedError],
]);

/** The official wording, which programs match on: status, then the body as JSON. */
function makeMessage(status: number | undefined, error: unknown, message?: string): string {
  const own = (error as { message?: unknown } | undefined)?.message;
  const said = error ? JSON.stringify(error) : message;
  const text = own ? (typeof own === 'string' ? own : JSON.stringify(own)) : said;
  if (status && text) return `${status} ${text}`;
  if (status) return `${status} status code (no body)`;
  return text || '(no status code or body)';
}

function errorIn(body: unknown): { type?: unknown; message?: unknown; details?: unknown } {
  const error = typeof body === 'object' && body !== null ? (body as ErrorBody)?.error : undefined;
  return typeof error === 'object' && error !== null ? error : {};
}

function stringOr<T>(value: unknown, other: T): string | T {
  return typeof value === 'string' ? value : other;
}
