import { AnthropicError, APITimeoutError, type TimeoutPhase } from '../errors.js';
import type { Clock } from './clock.js';

/** How long to wait for the server, in milliseconds. `Infinity` turns a clock off. */
export interface Timeouts {
  /** Request sent → response headers. Default 600,000. */
  response?: number | undefined;
  /** Silence on the wire; any byte ends it, pings too. Default 180,000. */
  idle?: number | undefined;
  /**
   * No progress of the message: pings and comments don't count. Default 900,000, and 3,600,000 before the
   * first content and while a thinking or server tool block is open; a number applies everywhere.
   */
  stall?: number | undefined;
  /** The whole request and its stream. Off by default. */
  total?: number | undefined;
}

/** All limits, in milliseconds. */
export interface Limits extends Record<TimeoutPhase, number> {
  /** `stall` while the model may be silent for long. */
  longStall: number;
}

/** A number sets `response` and `idle`. */
export type Timeout = number | Timeouts;

export const DEFAULT_TIMEOUTS: Limits = {
  response: 600_000,
  idle: 180_000,
  stall: 900_000,
  longStall: 3_600_000,
  total: Infinity,
};

/**
 * Limits with a `timeout` option that overrides some; undefined overrides none.
 * @throws AnthropicError for an invalid limit.
 */
export function withTimeout(base: Limits, timeout?: Timeout): Limits {
  if (timeout === undefined) return base;
  const given = typeof timeout === 'number' ? { response: timeout, idle: timeout } : timeout;
  if (typeof given !== 'object' || given === null) {
    throw new AnthropicError(`timeout is ${JSON.stringify(timeout)}: ${LIMITS}`);
  }
  const limits = { ...base };
  for (const [phase, ms] of Object.entries(given)) {
    if (ms === undefined) continue;
    if (!Object.hasOwn(WHAT, phase)) {
      throw new AnthropicError(`there is no timeout.${phase}: ${LIMITS}`);
    }
    if (typeof ms !== 'number' || !(ms > 0)) {
      throw new AnthropicError(
        `timeout.${phase} is ${String(ms)}: give milliseconds above 0, or Infinity for no limit`,
      );
    }
    limits[phase as TimeoutPhase] = ms;
    if (phase === 'stall') limits.longStall = ms;
  }
  return limits;
}

const LIMITS = 'pass milliseconds, such as 30_000, or { response, idle, stall, total }';

const WHAT: Readonly<Record<TimeoutPhase, string>> = {
  response: 'no response headers',
  idle: 'no bytes',
  stall: 'no progress of the message',
  total: 'not finished',
};

/** What is waited for: headers, a piece of the body, the `message_stop`, the time of the next try. */
export type WaitPhase = 'response' | 'idle' | 'finish' | 'backoff';

/** How long a message that has its stop reason waits for more, from its last progress on. */
const FINISH_MS = 5_000;

/** setTimeout fires at once for anything longer. */
const LONGEST_TIMER_MS = 2_147_483_647;

/**
 * The four clocks of one request and its retries. They run only while we wait, between `start` and
 * `stop`: a slow reader uses up none of them.
 *
 * A timer stays set over the waits that follow, and checks the clocks again when it fires: two timers for
 * each piece of a stream would cost more than the piece.
 */
export class Deadline {
  readonly #limits: Limits;
  readonly #clock: Clock;
  readonly #close: (error: APITimeoutError) => void;
  /** Time waited so far: in all, and since the last progress. */
  #waited: number;
  #stalled = 0;
  #isSilenceExpected = true;
  /** The current wait: its number, 0 for none, and what is waited for. */
  #wait = 0;
  #phase: WaitPhase = 'response';
  #since = 0;
  #expired: ((error: APITimeoutError) => void) | undefined;
  #waits = 0;
  #timer: { id: unknown; due: number } | undefined;

  /**
   * @param close called when a clock has run out, to close the connection.
   * @param waited how much of `total` is spent already.
   */
  constructor(limits: Limits, clock: Clock, close: (error: APITimeoutError) => void, waited = 0) {
    this.#limits = limits;
    this.#clock = clock;
    this.#close = close;
    this.#waited = waited;
  }

  /** Milliseconds waited in all. */
  get waited(): number {
    return this.#waited;
  }

  /** The message grew, or starts again. */
  progress(): void {
    this.#stalled = 0;
  }

  /** Whether the model may be silent for long from here on. */
  expectSilence(isExpected: boolean): void {
    this.#isSilenceExpected = isExpected;
  }

  /**
   * Settles as the promise does, unless a clock runs out first.
   * @throws APITimeoutError
   */
  wait<T>(promise: Promise<T>, phase: WaitPhase): Promise<T> {
    return new Promise((resolve, reject) => {
      const wait = this.start(phase, reject);
      const settled = (): void => {
        // After this wait ran out, another may have begun, and the timer belongs to that one.
        if (this.#wait !== wait) return;
        this.stop(wait);
        this.clear();
      };
      promise.then(
        (value) => {
          settled();
          resolve(value);
        },
        (error) => {
          settled();
          reject(error);
        },
      );
    });
  }

  /**
   * Starts a wait for the server.
   * @param expired called when a clock runs out.
   * @returns the number of the wait; an object for each piece of a stream would cost more.
   */
  start(phase: WaitPhase, expired: (error: APITimeoutError) => void): number {
    this.#wait = ++this.#waits;
    this.#phase = phase;
    this.#expired = expired;
    this.#since = this.#clock.now();
    const due = this.#since + this.#least();
    if (this.#timer !== undefined && this.#timer.due > due) this.clear();
    if (this.#timer === undefined) this.#set(due);
    return this.#wait;
  }

  /** Ends a wait; one that is over already is ignored. */
  stop(wait: number): void {
    if (this.#wait !== wait) return;
    this.#wait = 0;
    const waited = this.#clock.now() - this.#since;
    this.#waited += waited;
    if (this.#isBody) this.#stalled += waited;
  }

  /** Leaves no timer behind. */
  clear(): void {
    if (this.#timer !== undefined) this.#clock.clearTimeout(this.#timer.id);
    this.#timer = undefined;
  }

  #set(due: number): void {
    if (due === Infinity) return;
    const ms = Math.min(due - this.#clock.now(), LONGEST_TIMER_MS);
    this.#timer = { id: this.#clock.setTimeout(this.#fired, ms), due };
  }

  readonly #fired = (): void => {
    this.#timer = undefined;
    if (this.#wait === 0) return;
    const ms = this.#least();
    if (this.#clock.now() < this.#since + ms) {
      this.#set(this.#since + ms);
      return;
    }
    const first = this.#first(ms);
    this.stop(this.#wait);
    const seconds = (first === 'stall' ? this.#stall : this.#limits[first]) / 1000;
    const error = new APITimeoutError(
      `request timed out: ${WHAT[first]} within ${seconds} s (phase: ${first}). ` +
        `Increase timeout.${first} or retry.`,
      first,
      {},
      // A default stall has cost its time already.
      first === 'stall' && this.#limits.stall !== this.#limits.longStall ? false : undefined,
    );
    this.#expired?.(error);
    this.#close(error);
  };

  /** When the first clock runs out, in milliseconds after the start of the wait. */
  #least(): number {
    const { response, idle, total } = this.#limits;
    const left = total - this.#waited;
    if (this.#isBody) return Math.min(left, idle, this.#stall - this.#stalled);
    return this.#phase === 'response' ? Math.min(left, response) : left;
  }

  /** Which clock that is. */
  #first(ms: number): TimeoutPhase {
    if (ms === this.#limits.total - this.#waited) return 'total';
    if (!this.#isBody) return this.#phase as TimeoutPhase;
    return ms < this.#limits.idle ? 'stall' : 'idle';
  }

  get #isBody(): boolean {
    return this.#phase === 'idle' || this.#phase === 'finish';
  }

  /** How long the message may make no progress. */
  get #stall(): number {
    if (this.#phase === 'finish') return FINISH_MS;
    return this.#isSilenceExpected ? this.#limits.longStall : this.#limits.stall;
  }
}
