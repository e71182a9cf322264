import { AnthropicError, APIError } from '../errors.js';
import { type HeaderSource, retryAfter } from '../rate-limit.js';

/** What `retry` listeners and observers are told. */
export interface RetryInfo {
  /** 1 for the first retry. */
  attempt: number;
  /** How long we wait before it, in milliseconds. */
  delay: number;
  /** Why. */
  error: AnthropicError;
}

const BACKOFF_START_MS = 500;
const BACKOFF_MOST_MS = 8_000;
const RETRY_AFTER_MOST_MS = 60_000;

/**
 * How long to wait before a retry, in milliseconds (WIRE, "Retry policy"): what the server asks for,
 * at most a minute; else exponential backoff less up to a quarter.
 * @param retries how many there were before.
 * @param random from 0 to 1.
 * @param now for `retry-after` as an HTTP date: Unix time in milliseconds.
 */
export function retryDelay(
  headers: HeaderSource | undefined,
  retries: number,
  random: number,
  now: number,
): number {
  const asked = retryAfter(headers, now);
  if (asked !== undefined) return Math.min(asked, RETRY_AFTER_MOST_MS);
  return Math.min(BACKOFF_START_MS * 2 ** retries, BACKOFF_MOST_MS) * (1 - random / 4);
}

/**
 * The `maxRetries` option as it was given.
 * @throws AnthropicError where it is no number of retries: NaN would never be reached.
 */
export function checkedRetries(maxRetries: number): number {
  if (maxRetries === Infinity || (Number.isInteger(maxRetries) && maxRetries >= 0)) {
    return maxRetries;
  }
  throw new AnthropicError(
    `maxRetries is ${String(maxRetries)}: give a whole number, such as 2, or 0 for no retries`,
  );
}

/** What a retry needs besides the work itself. */
export interface RetryPolicy {
  maxRetries: number;
  pause: (ms: number) => Promise<void>;
  onRetry: (info: RetryInfo) => void;
}

/** Does the work again, with pauses, while it fails with what may pass. */
export async function withRetries<T>(
  work: () => Promise<T>,
  { maxRetries, pause, onRetry }: RetryPolicy,
): Promise<T> {
  for (let retries = 0; ; retries++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof AnthropicError && error.retryable) || retries >= maxRetries)
        throw error;
      const headers = error instanceof APIError ? error.headers : undefined;
      const delay = retryDelay(headers, retries, Math.random(), Date.now());
      onRetry({ attempt: retries + 1, delay, error });
      await pause(delay);
    }
  }
}
