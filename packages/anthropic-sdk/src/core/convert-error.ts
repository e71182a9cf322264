import * as core from 'millrace';
import {
  AnthropicError,
  APIConnectionError,
  APIConnectionTimeoutError,
  APIError,
  APIUserAbortError,
} from './error.js';

/**
 * An error of millrace under the official name, with the official fields; `cause` is the original. What is
 * no error of millrace stays as it is: it is the caller's.
 */
export function convertError(error: unknown): unknown {
  if (!(error instanceof core.AnthropicError)) return error;
  const converted = convert(error);
  if (error.partialMessage !== undefined) {
    Object.defineProperty(converted, 'partialMessage', { value: error.partialMessage });
  }
  if (converted.cause === undefined) {
    Object.defineProperty(converted, 'cause', { value: error, configurable: true, writable: true });
  }
  if (error.requestId !== undefined && converted instanceof APIError && !converted.requestID) {
    Object.assign(converted, { requestID: error.requestId });
  }
  return converted;
}

/** Runs it, and throws what it throws under the official names. */
export async function converting<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw convertError(error);
  }
}

/** The same for each step of an iterator; leaving the loop leaves the original. */
export function convertingIterator<T>(source: AsyncIterator<T>): AsyncIterableIterator<T> {
  const iterator: AsyncIterableIterator<T> = {
    next: () => converting(() => source.next()),
    return: async (value) => (await source.return?.(value)) ?? { done: true, value },
    [Symbol.asyncIterator]: () => iterator,
  };
  return iterator;
}

function convert(error: core.AnthropicError): AnthropicError {
  const { message } = error;
  if (error instanceof core.APIUserAbortError) return new APIUserAbortError();
  if (error instanceof core.APITimeoutError) {
    return new APIConnectionTimeoutError({ message: `Request timed out: ${message}` });
  }
  if (error instanceof core.APIConnectionError) return new APIConnectionError({ message });
  if (!(error instanceof core.APIError)) return new AnthropicError(message);
  const { status, headers } = error;
  const body = typeof error.body === 'object' ? (error.body ?? undefined) : undefined;
  return status === undefined
    ? new APIError(undefined, undefined, message, headers)
    : APIError.generate(status, body, body ? undefined : message, headers ?? new Headers());
}
