import { forCaller } from '../pull/caller-stack.js';
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
}

/** A promise for a result. The request was sent, whether or not it is awaited. */
export interface ResponsePromise<T> extends Promise<T> {
  /** The result with its response: status, headers, request id. */
  withResponse(): Promise<WithResponse<T>>;
}

export function responsePromise<T>(
  answer: Promise<{ data: T; head: ResponseHead }>,
): ResponsePromise<T> {
  const withResponse = ({ data, head }: { data: T; head: ResponseHead }): WithResponse<T> => ({
    data,
    response: toResponse(head),
    requestId: requestIdOf(head),
  });
  return Object.assign(forCaller(answer.then(({ data }) => data)), {
    withResponse: () => forCaller(answer.then(withResponse)),
  });
}
