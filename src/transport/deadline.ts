import { APITimeoutError, type TimeoutPhase } from '../errors.js';
import { afterPoll } from './after-poll.js';
import { type Clock, LONGEST_TIMER_MS } from './clock.js';
import type { Limits } from './timeouts.js';

/**
 * What is waited for: headers (or a key), a piece of a streamed body, the end of a message that has its
 * stop reason, a body that isn't streamed, the body of an error, the time of the next try.
 */
export type WaitPhase = 'response' | 'idle' | 'finish' | 'body' | 'error-body' | 'backoff';

/** How long the end of a message may take after its stop reason, while nothing of it arrives. */
const FINISH_MS = 5_000;

/** How long the body of an error may take in all: the status is known already. */
const ERROR_BODY_MS = 5_000;

/** The most that the time between two pieces counts: a reader may be slow, for as long as it likes. */
const MAX_BUSY_MS = 50;

/**
 * The clocks of one request and its retries. They run only while we wait, between `start` and `stop`: a
 * slow reader uses up next to nothing of them. `check` is for a server that never lets us wait.
 *
 * A timer stays set over the waits that follow, and checks the clocks again when it fires: two timers for
 * each piece of a stream would cost more than the piece.
 */
export class Deadline {
  readonly limits: Limits;
  readonly #clock: Clock;
  readonly #close: (error: APITimeoutError) => void;
  /** Time waited so far: in all, since the last progress, and for the response or body of now. */
  #waited: number;
  #stalled = 0;
  #spent = 0;
  /** The limit on `#stalled`. */
  #stall: number;
  /** The current wait: its number, 0 for none, and what is waited for. */
  #wait = 0;
  #phase: WaitPhase = 'response';
  #since = 0;
  #expired: ((error: APITimeoutError) => void) | undefined;
  #what: string | undefined;
  #waits = 0;
  /** When the latest piece of a body arrived. */
  #arrived: number | undefined;
  /** Whether that was the end of a wait, and the clock was not looked at since. */
  #isFresh = false;
  #timer: { id: unknown; due: number } | undefined;
  /** Why the current try is over. */
  #error: APITimeoutError | undefined;

  /**
   * @param close called when a clock has run out, to close the connection.
   * @param waited how much of `total` is spent already.
   */
  constructor(limits: Limits, clock: Clock, close: (error: APITimeoutError) => void, waited = 0) {
    this.limits = limits;
    this.#stall = limits.longStall;
    this.#clock = clock;
    this.#close = close;
    this.#waited = waited;
  }

  /** Milliseconds waited in all. */
  get waited(): number {
    return this.#waited;
  }

  /** A try begins. */
  restart(): void {
    this.#stalled = 0;
    this.#stall = this.limits.longStall;
    this.#arrived = undefined;
    this.#isFresh = false;
    this.#error = undefined;
  }

  /** The message grew. */
  progress(): void {
    this.#stalled = 0;
  }

  /** Whether the model may now be silent for long, by the default limits. */
  expectSilence(isExpected: boolean): void {
    this.#stall = isExpected ? this.limits.longStall : this.limits.stall;
  }

  /**
   * Settles as the promise does, unless a clock runs out first.
   * @param what did not happen where the `response` clock runs out, for the error message.
   * @throws APITimeoutError
   */
  wait<T>(promise: Promise<T>, phase: WaitPhase, what?: string): Promise<T> {
    return new Promise((resolve, reject) => {
      const wait = this.start(phase, reject, what);
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
  start(phase: WaitPhase, expired: (error: APITimeoutError) => void, what?: string): number {
    this.#wait = ++this.#waits;
    this.#enter(phase);
    this.#expired = expired;
    this.#what = what;
    this.#since = this.#clock.now();
    this.#countBusy(this.#since);
    const due = this.#since + this.#least();
    if (this.#timer !== undefined && this.#timer.due > due) this.clear();
    if (this.#timer === undefined) this.#set(due);
    return this.#wait;
  }

  /** Ends a wait; one that is over already is ignored. */
  stop(wait: number): void {
    if (this.#wait !== wait) return;
    this.#wait = 0;
    const now = this.#clock.now();
    this.#count(now - this.#since);
    if (!isBody[this.#phase]) return;
    this.#arrived = now;
    this.#isFresh = true;
  }

  /**
   * Looks at the clocks before the next piece of a body: where pieces are always at hand, no wait would.
   * @returns the error, where one has run out: what has arrived comes before it.
   */
  check(phase: WaitPhase): APITimeoutError | undefined {
    if (this.#error !== undefined) return this.#error;
    this.#enter(phase);
    // The piece that ended a wait: the clock was looked at for that, and a look costs.
    if (!this.#isFresh) {
      const now = this.#clock.now();
      this.#countBusy(now);
      this.#arrived = now;
    }
    this.#isFresh = false;
    const ms = this.#least();
    if (ms <= 0) this.#close(this.#fail(ms));
    return this.#error;
  }

  /** Leaves no timer behind. */
  clear(): void {
    if (this.#timer !== undefined) this.#clock.clearTimeout(this.#timer.id);
    this.#timer = undefined;
  }

  #enter(phase: WaitPhase): void {
    if (phase === 'response' || (phase === 'error-body' && this.#phase !== phase)) this.#spent = 0;
    this.#phase = phase;
  }

  #count(ms: number): void {
    this.#waited += ms;
    if (this.#phase === 'backoff') return;
    this.#spent += ms;
    if (isBody[this.#phase]) this.#stalled += ms;
  }

  /** The time since the latest piece: what a fast reader takes is the server's flood, not its own time. */
  #countBusy(now: number): void {
    if (this.#arrived !== undefined) this.#count(Math.min(now - this.#arrived, MAX_BUSY_MS));
    this.#arrived = undefined;
    this.#isFresh = false;
  }

  #set(due: number): void {
    if (due === Infinity) return;
    const ms = Math.min(Math.max(due - this.#clock.now(), 0), LONGEST_TIMER_MS);
    this.#timer = { id: this.#clock.setTimeout(this.#fired, ms), due };
  }

  readonly #fired = (): void => {
    this.#timer = undefined;
    const wait = this.#wait;
    if (wait === 0) return;
    const due = this.#since + this.#least();
    if (this.#clock.now() < due) {
      this.#set(due);
      return;
    }
    // Where something blocked the event loop, the answer may have arrived, and waits to be read.
    afterPoll(() => {
      if (this.#wait === wait) this.#expire();
    });
  };

  #expire(): void {
    const error = this.#fail(this.#least());
    this.stop(this.#wait);
    this.#expired?.(error);
    this.#close(error);
  }

  #fail(ms: number): APITimeoutError {
    const clock = this.#first(ms);
    const seconds = this.#limitOf(clock) / 1000;
    const what =
      clock === 'response' && this.#phase === 'response'
        ? (this.#what ?? 'no response headers')
        : WHAT[clock];
    this.#error = new APITimeoutError(
      `request timed out: ${what} within ${seconds} s (phase: ${clock}). ` +
        `Increase timeout.${clock} or retry.`,
      clock,
      {},
      this.#isRetryable(clock),
    );
    return this.#error;
  }

  /** A default stall has cost an hour already, and after `total` there is no time left. */
  #isRetryable(clock: TimeoutPhase): boolean {
    const { stall, longStall } = this.limits;
    return clock === 'stall' ? stall === longStall : clock !== 'total';
  }

  #limitOf(clock: TimeoutPhase): number {
    return clock === 'stall' ? this.#stall : this.limits[clock];
  }

  /** When the first clock runs out, in milliseconds after the start of the wait. */
  #least(): number {
    const { response, idle, total } = this.limits;
    const left = total - this.#waited;
    switch (this.#phase) {
      case 'idle':
        return Math.min(left, idle, this.#stall - this.#stalled);
      case 'finish':
        return Math.min(left, idle, FINISH_MS - this.#stalled);
      case 'response':
        return Math.min(left, response);
      case 'body':
        return Math.min(left, idle, response - this.#spent);
      case 'error-body':
        return Math.min(left, idle, ERROR_BODY_MS - this.#spent);
      case 'backoff':
        return left;
    }
  }

  /** Which clock that is. */
  #first(ms: number): TimeoutPhase {
    if (ms === this.limits.total - this.#waited) return 'total';
    if (this.#phase === 'response') return 'response';
    if (ms === this.limits.idle) return 'idle';
    return this.#phase === 'body' ? 'response' : 'stall';
  }
}

const isBody: Readonly<Record<WaitPhase, boolean>> = {
  response: false,
  idle: true,
  finish: true,
  body: true,
  'error-body': true,
  backoff: false,
};

const WHAT: Readonly<Record<TimeoutPhase, string>> = {
  response: 'no complete response',
  idle: 'no bytes',
  stall: 'no progress of the message',
  total: 'not finished',
};
