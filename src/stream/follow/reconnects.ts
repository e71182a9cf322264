import { AnthropicError, APIError, APITimeoutError, StreamTruncatedError } from '../../errors.js';
import { retryAfter } from '../../rate-limit.js';

/** The longest pause between two connections, in milliseconds. */
const MAX_PAUSE_MS = 10_000;
const MAX_RETRY_AFTER_MS = 60_000;
/** The most that one connection counts: a device that slept has not waited. */
const MAX_COUNTED_MS = 60_000;
/** How long to wait by default, as an EventSource does. */
const RETRY_MS = 1_000;

/** When to connect again, and when to give up. */
export class Reconnects {
  readonly #stall: number;
  #failures = 0;
  /** Time without progress so far, in milliseconds. */
  #stalled = 0;
  /** What the server asks for. */
  retry: number | undefined;

  /** @param stall the most time without progress. */
  constructor(stall: number) {
    this.#stall = stall;
  }

  /** How many connections have failed since the last progress. */
  get failures(): number {
    return this.#failures;
  }

  /** There was an event. */
  progress(): void {
    this.#failures = 0;
    this.#stalled = 0;
  }

  /** There was none, but the server is there. */
  lasted(): void {
    this.#failures = 0;
  }

  /**
   * A connection has failed.
   * @param ms for how long there was no progress on it.
   * @returns the pause before the next one: none for the first, then more and more.
   * @throws APITimeoutError where there was no progress for too long.
   */
  failed(error: AnthropicError, ms: number, random: number = Math.random()): number {
    this.#stalled += Math.min(ms, MAX_COUNTED_MS);
    if (this.#stalled >= this.#stall) throw stalled(this.#stall, error);
    const failures = this.#failures++;
    const headers = error instanceof APIError ? error.headers : undefined;
    const requested = retryAfter(headers, Date.now());
    if (requested !== undefined) return Math.min(requested, MAX_RETRY_AFTER_MS);
    if (failures === 0) return 0;
    const pause = Math.min((this.retry ?? RETRY_MS) * 2 ** (failures - 1), MAX_PAUSE_MS);
    // Clients of a server that comes back must not all come at once.
    return pause * (1 - random / 2);
  }

  /** A pause is over. */
  paused(ms: number): void {
    this.#stalled += ms;
  }
}

function stalled(ms: number, cause: AnthropicError): APITimeoutError {
  return new APITimeoutError(
    `no progress within ${ms / 1000} s, over several connections (phase: stall): ${cause.reason}. ` +
      'Increase timeout.stall or retry.',
    'stall',
    { cause },
  );
}

/** Whether another connection may have what this one failed to bring. */
export function isTransient(error: unknown): error is AnthropicError {
  return error instanceof AnthropicError && error.retryable && !isNothingMore(error);
}

/** The server says so with 204. */
export function nothingMore(): StreamTruncatedError {
  return new StreamTruncatedError('the server has no more events, but the message has not ended', {
    status: 204,
  });
}

function isNothingMore(error: AnthropicError): boolean {
  return error instanceof StreamTruncatedError && error.status === 204;
}
