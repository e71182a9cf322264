import type { ErrorBody, ErrorType } from '../../wire/errors.js';

/** An error of the API. Its status counts in a response, only its type in an `error` event. */
export interface EmulatedError {
  readonly status: number;
  readonly type: ErrorType;
  readonly message: string;
  /** More headers for the response, such as `retry-after`. */
  readonly headers: Readonly<Record<string, string>>;
  /** Machine-readable details. */
  readonly details?: unknown;
}

/** As recorded in November 2025; the emulator has one organization and names no model. */
const RATE_LIMIT =
  "This request would exceed your organization's rate limit of 20,000,000 prompt bytes per hour (org: org_emulator, model: any). For details, refer to: https://docs.claude.com/en/api/rate-limits. You can see the response headers for current usage. Please reduce the prompt length or the maximum tokens requested, or try again later. You may also contact sales at https://www.anthropic.com/contact-sales to discuss your options for a rate limit increase.";

/** WIRE, Errors: the status and the usual message of each type. */
const BY_TYPE: ReadonlyMap<string, readonly [status: number, message: string]> = new Map([
  ['invalid_request_error', [400, 'Invalid request']],
  ['authentication_error', [401, 'invalid x-api-key']],
  ['billing_error', [402, 'Your account has a billing problem']],
  ['permission_error', [403, 'Your API key does not have permission to use this resource']],
  ['not_found_error', [404, 'Not found']],
  ['timeout_error', [408, 'Request timed out']],
  ['conflict_error', [409, 'The request conflicts with another one']],
  ['request_too_large', [413, 'Request exceeds the maximum size']],
  ['rate_limit_error', [429, RATE_LIMIT]],
  ['api_error', [500, 'Internal server error']],
  ['overloaded_error', [529, 'Overloaded']],
]);

/**
 * An error from its type or its status; the other follows. A type that is newer than this table gets
 * the status 500.
 * @throws TypeError for a status that isn't an error.
 */
export function toEmulatedError(
  typeOrStatus: ErrorType | number,
  message?: string,
  headers: Readonly<Record<string, string>> = {},
): EmulatedError {
  const type = typeof typeOrStatus === 'number' ? getType(typeOrStatus) : typeOrStatus;
  const [usualStatus, usualMessage] = BY_TYPE.get(type) ?? [500, type];
  const status = typeof typeOrStatus === 'number' ? typeOrStatus : usualStatus;
  return { status, type, message: message ?? usualMessage, headers };
}

/**
 * What the API answers when the credit is used up: no `billing_error` with status 402, but an
 * `invalid_request_error` with status 400.
 */
export function toCreditError(
  message = 'Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or purchase credits.',
  headers?: Readonly<Record<string, string>>,
): EmulatedError {
  return toEmulatedError('invalid_request_error', message, headers);
}

/** The body of a response, and the data of an `error` event. */
export function toErrorBody(error: EmulatedError, requestId: string): ErrorBody {
  const { type, message, details } = error;
  return {
    type: 'error',
    error: { type, message, ...(details !== undefined && { details }) },
    request_id: requestId,
  };
}

/**
 * The error for a mistake in the script. The client gets it, so that the test which made the request
 * fails with the reason. It must not be retried.
 */
export function toScriptError(message: string): EmulatedError {
  return toEmulatedError('api_error', message, { 'x-should-retry': 'false' });
}

/** The error for a body that isn't JSON. */
export function toJsonError(problem: string): EmulatedError {
  return toEmulatedError('invalid_request_error', `The request body is not valid JSON: ${problem}`);
}

function getType(status: number): ErrorType {
  if (!Number.isInteger(status) || status < 400 || status > 599) {
    throw new TypeError(
      `${status} is not an error status: pass 400 to 599, or a type such as 'overloaded_error'`,
    );
  }
  for (const [type, [usualStatus]] of BY_TYPE) if (usualStatus === status) return type;
  return status >= 500 ? 'api_error' : 'invalid_request_error';
}
