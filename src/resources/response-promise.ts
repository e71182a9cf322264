import { forCaller } from '../pull/caller-stack.js';
import { type RateLimit, rateLimitOf } from '../rate-limit.js';
import type { ResponseHead } from '../transport/port.js';
import { requestIdOf, toResponse } from '../transport/to-response.js';

/** A result with its response. */
export interface WithResponse<T> {
  /** The result. */
  data: T;
  /** Status and headers. */
  response: Response;
  /** The API's id for the request. */
  requestId: string | undefined;
  /** The rate limits in the response; undefined where it has none. */
  rateLimit: RateLimit | undefined;
}

/** A promise for a result. The request was sent, whether or not it is awaited. */
export interface ResponsePromise<T> extends Promise<T> {
  /** The result with its response: status, headers, request id, rate limits. */
  withResponse(): Promise<WithResponse<T>>;
}

/** What a request gave, and the response that it came in. */
export interface Answer<T> {
  data: T;
  head: ResponseHead;
}

export function responsePromise<T>(answer: Promise<Answer<T>>): ResponsePromise<T> {
  return Object.assign(forCaller(answer.then(({ data }) => data)), {
    withResponse: () => forCaller(answer.then(withResponse)),
  });
}

/** An answer as users get it. */
export function withResponse<T>({ data, head }: Answer<T>): WithResponse<T> {
  return {
    data,
    response: toResponse(head),
    requestId: requestIdOf(head),
    rateLimit: rateLimitOf({ get: (name) => head.header(name) }),
  };
}
