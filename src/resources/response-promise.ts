import { forCaller } from '../pull/caller-stack.js';
import type { ResponseHead } from '../transport/port.js';
import { requestIdOf, toResponse } from '../transport/to-response.js';

/** An answer with the response that it came in. */
export interface WithResponse<T> {
  /** The answer. */
  data: T;
  /** Status and headers. */
  response: Response;
  /** The API's id for the request. */
  requestId: string | undefined;
}

/** A promise for an answer. The request is under way, whoever awaits it. */
export interface ResponsePromise<T> extends Promise<T> {
  /** The answer with its response: status, headers, request id. */
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
