import { isRetryable } from '../retry-policy.js';
import { APIError, type APIErrorDetails } from './api-error.js';

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
