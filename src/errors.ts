import { type RateLimit, rateLimitOf } from './rate-limit.js';
import { isRetryable } from './retry-policy.js';
import { thrownText } from './thrown.js';
import type { ErrorCode } from './wire/errors.js';
import type { Message } from './wire/message.js';

/** What is known about a failed request besides the failure itself. */
export interface ErrorContext {
  /** The API's `request-id`. */
  requestId?: string | undefined;
  /** The message as far as it was received. */
  partialMessage?: Message | undefined;
}

/**
 * Every error that millrace throws. `message` is one line: what happened, to which request, after
 * how much.
 */
export class AnthropicError extends Error {
  /** @internal */
  override get name(): string {
    return 'AnthropicError';
  }

  /** The API's `request-id`, once response headers have arrived. */
  readonly requestId: string | undefined;
  /**
   * The message as far as it was received; undefined before `message_start`. In a beta stream it may
   * contain beta blocks too.
   */
  declare readonly partialMessage: Message | undefined;
  /** What happened, without the context that `message` adds. */
  declare readonly reason: string;
  /** Whether the same request may succeed when it is sent again. */
  declare readonly retryable: boolean;

  /** @internal Errors of another copy of the package are instances too, see `isInstance`. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    // biome-ignore lint/complexity/noThisInStatic: the class that is asked, which may be a derived one
    return isInstance(value, this.prototype);
  }

  constructor(
    reason: string,
    { requestId, partialMessage, cause }: ErrorContext & { cause?: unknown } = {},
    retryable = false,
  ) {
    super(describe(reason, { requestId, partialMessage }), cause === undefined ? {} : { cause });
    this.requestId = requestId;
    // Not enumerable: printing an error must stay one line, not a whole message. A name of its own can be
    // assigned to.
    hide(this, { name: this.name, partialMessage, reason, retryable });
  }
}

/** A failure of a request, on the way to the API or at the API. */
export class APIError extends AnthropicError {
  /** @internal */
  override get name(): string {
    return 'APIError';
  }

  /** HTTP status; for an `error` event in a stream the status that its type stands for. */
  readonly status: number | undefined;
  /** The HTTP status of the response that it came in: 200 for an `error` event in a stream. */
  declare readonly httpStatus: number | undefined;
  /** `error.type` of the body, such as `overloaded_error`. */
  readonly type: string | undefined;
  /** Response headers, where there was a response. */
  declare readonly headers: Headers | undefined;
  /** The error body: parsed JSON, else its text. */
  declare readonly body: unknown;

  /** The rate limits in the response's headers. */
  get rateLimit(): RateLimit | undefined {
    return this.headers && rateLimitOf(this.headers);
  }

  /** `error.message` of the body: the API's own words. */
  get apiMessage(): string | undefined {
    const { message } = errorIn(this.body);
    return typeof message === 'string' ? message : undefined;
  }

  /** `error.details` of the body. */
  get details(): Readonly<Record<string, unknown>> | undefined {
    const { details } = errorIn(this.body);
    return typeof details === 'object' && details !== null
      ? (details as Record<string, unknown>)
      : undefined;
  }

  /** `error.details.error_code` of the body, such as `image_dimensions_too_large`: an open set. */
  get errorCode(): ErrorCode | undefined {
    const code = this.details?.error_code;
    return typeof code === 'string' ? code : undefined;
  }

  constructor(reason: string, details: APIErrorDetails = {}, retryable = false) {
    super(reason, details, retryable);
    this.status = details.status;
    this.type = details.type;
    const { headers, body, httpStatus } = details;
    hide(this, { headers, body, httpStatus });
  }
}

/** What an APIError may carry. */
export interface APIErrorDetails extends ErrorContext {
  /** HTTP status, or the one that `type` stands for. */
  status?: number | undefined;
  /** The HTTP status of the response that it came in. */
  httpStatus?: number | undefined;
  /** `error.type` of the body. */
  type?: string | undefined;
  /** Response headers. */
  headers?: Headers | undefined;
  /** The error body: parsed JSON, else its text. */
  body?: unknown;
  /** The original error. */
  cause?: unknown;
}

/** The API responded with an error: an HTTP status, or an `error` event in a stream. */
export class APIStatusError extends APIError {
  /** @internal */
  override get name(): string {
    return 'APIStatusError';
  }

  constructor(reason: string, details: APIErrorDetails = {}) {
    super(reason, details, isRetryable(details.status, details.headers));
  }
}

/** 400 `invalid_request_error`. */
export class BadRequestError extends APIStatusError {
  /** @internal */
  override get name(): string {
    return 'BadRequestError';
  }
}

/** 401 `authentication_error`: the key is missing, wrong or revoked. */
export class AuthenticationError extends APIStatusError {
  /** @internal */
  override get name(): string {
    return 'AuthenticationError';
  }
}

/** 402 `billing_error`. */
export class PaymentRequiredError extends APIStatusError {
  /** @internal */
  override get name(): string {
    return 'PaymentRequiredError';
  }
}

/** 403 `permission_error`. */
export class PermissionDeniedError extends APIStatusError {
  /** @internal */
  override get name(): string {
    return 'PermissionDeniedError';
  }
}

/** 404 `not_found_error`: often a model name. */
export class NotFoundError extends APIStatusError {
  /** @internal */
  override get name(): string {
    return 'NotFoundError';
  }
}

/** 408 `timeout_error`: the API timed out. */
export class RequestTimeoutError extends APIStatusError {
  /** @internal */
  override get name(): string {
    return 'RequestTimeoutError';
  }
}

/** 409 `conflict_error`. */
export class ConflictError extends APIStatusError {
  /** @internal */
  override get name(): string {
    return 'ConflictError';
  }
}

/** 412: what the request builds on has changed. */
export class PreconditionFailedError extends APIStatusError {
  /** @internal */
  override get name(): string {
    return 'PreconditionFailedError';
  }
}

/** 413 `request_too_large`. */
export class RequestTooLargeError extends APIStatusError {
  /** @internal */
  override get name(): string {
    return 'RequestTooLargeError';
  }
}

/** 422 `invalid_request_error`. */
export class UnprocessableEntityError extends APIStatusError {
  /** @internal */
  override get name(): string {
    return 'UnprocessableEntityError';
  }
}

/** 429 `rate_limit_error`. */
export class RateLimitError extends APIStatusError {
  /** @internal */
  override get name(): string {
    return 'RateLimitError';
  }
}

/** 431: the headers are too large. */
export class RequestHeaderFieldsTooLargeError extends APIStatusError {
  /** @internal */
  override get name(): string {
    return 'RequestHeaderFieldsTooLargeError';
  }
}

/** 499: the connection was closed before the API answered. */
export class ClientClosedRequestError extends APIStatusError {
  /** @internal */
  override get name(): string {
    return 'ClientClosedRequestError';
  }
}

/** 500 and above, `api_error`. */
export class InternalServerError extends APIStatusError {
  /** @internal */
  override get name(): string {
    return 'InternalServerError';
  }
}

/** 501: the server does not know how. */
export class NotImplementedError extends InternalServerError {
  /** @internal */
  override get name(): string {
    return 'NotImplementedError';
  }
}

/** 503: the server can't answer now. */
export class ServiceUnavailableError extends InternalServerError {
  /** @internal */
  override get name(): string {
    return 'ServiceUnavailableError';
  }
}

/** 504: a gateway gave up waiting. */
export class GatewayTimeoutError extends InternalServerError {
  /** @internal */
  override get name(): string {
    return 'GatewayTimeoutError';
  }
}

/** 529 `overloaded_error`. */
export class OverloadedError extends InternalServerError {
  /** @internal */
  override get name(): string {
    return 'OverloadedError';
  }
}

/** No response, or not all of it: refused, reset, DNS, TLS. `cause` is the original error. */
export class APIConnectionError extends APIError {
  /** @internal */
  override get name(): string {
    return 'APIConnectionError';
  }

  constructor(reason: string, details: APIErrorDetails = {}, retryable = true) {
    super(reason, details, retryable);
  }
}

/** Which clock ran out; see the `timeout` option. */
export type TimeoutPhase = 'response' | 'idle' | 'stall' | 'total';

/** The server took longer than a clock allows. After `total` there is no time left for a retry. */
export class APITimeoutError extends APIConnectionError {
  /** @internal */
  override get name(): string {
    return 'APITimeoutError';
  }

  /** The clock that ran out. */
  readonly phase: TimeoutPhase;

  constructor(
    reason: string,
    phase: TimeoutPhase,
    details: APIErrorDetails = {},
    retryable: boolean = phase !== 'total',
  ) {
    super(reason, details, retryable);
    this.phase = phase;
  }
}

/** The body ended before the message did. */
export class StreamTruncatedError extends APIConnectionError {
  /** @internal */
  override get name(): string {
    return 'StreamTruncatedError';
  }
}

/** The process that produced a relayed stream is gone, and no other could finish the message. */
export class ProducerLostError extends APIConnectionError {
  /** @internal */
  override get name(): string {
    return 'ProducerLostError';
  }
}

/** `close()`, or an AbortSignal; `cause` is the reason. Not a failure of the connection. */
export class APIUserAbortError extends APIError {
  /** @internal */
  override get name(): string {
    return 'APIUserAbortError';
  }

  constructor(reason = 'the request was aborted', details: APIErrorDetails = {}) {
    super(reason, details, false);
  }
}

/** The response violates the protocol: bad JSON, events out of order, an event over the limit. */
export class StreamProtocolError extends APIError {
  /** @internal */
  override get name(): string {
    return 'StreamProtocolError';
  }
}

/**
 * `instanceof` over all copies of the package: a program has two where a bundler includes one and leaves
 * an entry external. In another copy the same class is the one of the same name, below its AnthropicError.
 */
function isInstance(value: unknown, prototype: object): boolean {
  const name = nameIn(prototype);
  let isSame = false;
  try {
    for (let of = value; of; ) {
      of = Object.getPrototypeOf(of);
      if (of === prototype) return true;
      const other = nameIn(of);
      isSame ||= other === name;
      if (name && isSame && other === 'AnthropicError') return true;
    }
  } catch {
    // A proxy that throws: anything can be thrown, so anything is asked.
  }
  return false;
}

/** What the getter `name` of a prototype returns; undefined where it has none itself. */
function nameIn(prototype: unknown): unknown {
  try {
    return Object.getOwnPropertyDescriptor(prototype, 'name')?.get?.call(prototype);
  } catch {
    // One of another library, for instances only.
    return undefined;
  }
}

/** A thrown value as an AnthropicError. */
export function asAnthropicError(error: unknown): AnthropicError {
  if (error instanceof AnthropicError) return error;
  return new AnthropicError(thrownText(error), { cause: error });
}

/** Adds what was not known where the error was thrown. What is known already stays. */
export function addContext<E extends AnthropicError>(error: E, context: ErrorContext): E {
  const requestId = error.requestId ?? context.requestId;
  const partialMessage = error.partialMessage ?? context.partialMessage;
  if (requestId === error.requestId && partialMessage === error.partialMessage) return error;
  // Thrown by a callback: it can't be written to.
  if (Object.isSealed(error)) return error;
  const { message: before, stack } = error;
  hide(error, {
    message: describe(error.reason, { requestId, partialMessage }),
    partialMessage,
  });
  // V8 writes the message into the stack, the first time that the stack is read.
  hide(error, { stack: stack?.replace(before, () => error.message) });
  return Object.assign(error, { requestId });
}

/** The `error` object of an error body. */
function errorIn(body: unknown): Record<string, unknown> {
  const { error } = (body ?? {}) as { error?: unknown };
  return typeof error === 'object' && error !== null ? (error as Record<string, unknown>) : {};
}

function describe(reason: string, { requestId, partialMessage }: ErrorContext): string {
  const known = [
    requestId && `request ${requestId}`,
    partialMessage && `after ${amount(partialMessage)}`,
  ];
  const context = known.filter(Boolean).join(', ');
  return toLine(reason) + (context && ` (${context})`);
}

/** How much of a foreign text a message shows: it is for people, and `reason` has all of it. */
const MOST_CHARACTERS = 10_000;

function toLine(reason: string): string {
  const start = reason.trimStart();
  const lines = start.slice(0, MOST_CHARACTERS).split(/[\r\n]/);
  const line = lines
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join(' ');
  return start.length > MOST_CHARACTERS ? `${line}…` : line;
}

function amount({ content }: Message): string {
  if (content.length === 0) return 'no content';
  let characters = 0;
  for (const block of content) {
    const text = block.type === 'thinking' ? block.thinking : (block as { text?: unknown }).text;
    if (typeof text === 'string') characters += text.length;
  }
  const blocks = content.length === 1 ? '1 block' : `${content.length} blocks`;
  return `${characters} characters in ${blocks}`;
}

function hide(target: object, values: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(values)) {
    Object.defineProperty(target, name, { value, configurable: true, writable: true });
  }
}
