import { type RateLimit, rateLimitOf } from '../rate-limit.js';
import type { ErrorCode } from '../wire/errors.js';
import { AnthropicError, type ErrorContext, hide } from './anthropic-error.js';

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

/** The `error` object of an error body. */
function errorIn(body: unknown): Record<string, unknown> {
  const { error } = (body ?? {}) as { error?: unknown };
  return typeof error === 'object' && error !== null ? (error as Record<string, unknown>) : {};
}
