import type { OpenString } from './open.js';

/** The body of an error response; also the data of an `error` event, which comes with HTTP 200. */
export interface ErrorBody {
  type: 'error';
  error: APIErrorObject;
  request_id?: string | null;
}

export interface APIErrorObject {
  type: ErrorType;
  message: string;
  /** More for programs, depending on the error. */
  details?: unknown;
}

/** Each stands for an HTTP status. */
export type ErrorType = OpenString<
  | 'invalid_request_error'
  | 'authentication_error'
  | 'billing_error'
  | 'permission_error'
  | 'not_found_error'
  | 'timeout_error'
  | 'conflict_error'
  | 'request_too_large'
  | 'rate_limit_error'
  | 'api_error'
  | 'overloaded_error'
>;
