import type { ErrorBody, ErrorType } from '../../wire/errors.js';

/** An error of the API: in a response its status counts, in an `error` event only its type. */
export interface EmulatedError {
  readonly status: number;
  readonly type: ErrorType;
  readonly message: string;
  /** More headers for the response, such as `retry-after`. */
  readonly headers: Readonly<Record<string, string>>;
  /** More for programs. */
  readonly details?: unknown;
}

/** WIRE, Errors: each type, the status it stands for, and what the API likes to say with it. */
const BY_TYPE: ReadonlyMap<string, readonly [status: number, message: string]> = new Map([
  ['invalid_request_error', [400, 'Invalid request']],
  ['authentication_error', [401, 'invalid x-api-key']],
  ['billing_error', [402, 'Your credit balance is too low to access the API']],
  ['permission_error', [403, 'Your API key does not have permission to use this resource']],
  ['not_found_error', [404, 'Not found']],
  ['timeout_error', [408, 'Request timed out']],
  ['conflict_error', [409, 'The request conflicts with another one']],
  ['request_too_large', [413, 'Request exceeds the maximum size']],
  ['rate_limit_error', [429, 'This request would exceed your rate limit']],
  ['api_error', [500, 'Internal server error']],
  ['overloaded_error', [529, 'Overloaded']],
]);

/**
 * An error from its type or its status; the other one follows. A type that is newer than this table
 * has the status 500.
 * @throws TypeError for a status that is not an error.
 */
export function emulatedError(
  typeOrStatus: ErrorType | number,
  message?: string,
  headers: Readonly<Record<string, string>> = {},
): EmulatedError {
  const type = typeof typeOrStatus === 'number' ? typeOf(typeOrStatus) : typeOrStatus;
  const [standsFor, usual] = BY_TYPE.get(type) ?? [500, type];
  const status = typeof typeOrStatus === 'number' ? typeOrStatus : standsFor;
  return { status, type, message: message ?? usual, headers };
}

/** The body of a response, and the data of an `error` event. */
export function errorBody(error: EmulatedError, requestId: string): ErrorBody {
  const { type, message, details } = error;
  return {
    type: 'error',
    error: { type, message, ...(details !== undefined && { details }) },
    request_id: requestId,
  };
}

/**
 * The emulator was given something that it cannot answer with. Told to the client, which is the test
 * that it happens in, and not to be tried again.
 */
export function scriptError(message: string): EmulatedError {
  return emulatedError('api_error', message, { 'x-should-retry': 'false' });
}

function typeOf(status: number): ErrorType {
  if (!Number.isInteger(status) || status < 400 || status > 599) {
    throw new TypeError(
      `${status} is no error: give a status from 400 to 599, or a type such as 'overloaded_error'`,
    );
  }
  for (const [type, [standsFor]] of BY_TYPE) if (standsFor === status) return type;
  return status >= 500 ? 'api_error' : 'invalid_request_error';
}
