import { type HeaderSource, retryAfter } from './rate-limit.js';

/** Statuses of failures that the same request may not meet again; from 500 on every status is one. */
const RETRYABLE_STATUS: ReadonlySet<number> = new Set([408, 409, 429]);

/**
 * Whether a response with an error status is worth another try (WIRE, "Retry policy"): what
 * `x-should-retry` says, else what the status says.
 */
export function isRetryable(status = 0, headers?: HeaderSource): boolean {
  const advice = headers?.get('x-should-retry');
  if (advice === 'true' || advice === 'false') return advice === 'true';
  return RETRYABLE_STATUS.has(status) || status >= 500;
}

const FIRST_BACKOFF_MS = 500;
const MAX_BACKOFF_MS = 8_000;
const MAX_RETRY_AFTER_MS = 60_000;

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
  const requested = retryAfter(headers, now);
  if (requested !== undefined) return Math.min(requested, MAX_RETRY_AFTER_MS);
  return Math.min(FIRST_BACKOFF_MS * 2 ** retries, MAX_BACKOFF_MS) * (1 - random / 4);
}
