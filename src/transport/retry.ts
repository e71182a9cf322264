import { AnthropicError, APIError } from '../errors.js';
import { retryDelay } from '../retry-policy.js';

/** What `retry` listeners and observers receive. */
export interface RetryInfo {
  /** 1 for the first retry. */
  attempt: number;
  /** The wait before it, in milliseconds. */
  delay: number;
  /** The failure that is retried. */
  error: AnthropicError;
}

/** What a retry needs besides the work itself. */
export interface RetryPolicy {
  maxRetries: number;
  /** The work failed; it may be repeated. */
  onFailure?: (error: unknown) => void;
  pause: (ms: number) => Promise<void>;
  onRetry: (info: RetryInfo) => void;
  /** From 0 to 1. */
  random?: () => number;
  /** Unix time in milliseconds. */
  now?: () => number;
}

/** Repeats the work, with pauses, while it fails with a transient failure (see retry-policy.ts). */
export async function withRetries<T>(
  work: () => Promise<T>,
  { maxRetries, onFailure, pause, onRetry, random = Math.random, now = Date.now }: RetryPolicy,
): Promise<T> {
  for (let retries = 0; ; retries++) {
    try {
      return await work();
    } catch (error) {
      onFailure?.(error);
      if (!(error instanceof AnthropicError && error.retryable) || retries >= maxRetries) {
        throw error;
      }
      const headers = error instanceof APIError ? error.headers : undefined;
      const delay = retryDelay(headers, retries, random(), now());
      onRetry({ attempt: retries + 1, delay, error });
      await pause(delay);
    }
  }
}
