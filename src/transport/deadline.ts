import { AnthropicError, APITimeoutError, type TimeoutPhase } from '../errors.js';
import type { Clock } from './clock.js';

/** How long the server may keep us waiting, in milliseconds. `Infinity` turns a clock off. */
export interface Timeouts {
  /** Request sent → response headers. Default 600,000. */
  response?: number;
  /** Silence on the wire; any byte ends it, pings too. Default 180,000. */
  idle?: number;
  /** No progress of the message; pings and comments are none. Off by default. */
  stall?: number;
  /** The whole request and its stream. Off by default. */
  total?: number;
}

/** A number is meant for `response` and `idle`. */
export type Timeout = number | Timeouts;

export const DEFAULT_TIMEOUTS: Required<Timeouts> = {
  response: 600_000,
  idle: 180_000,
  stall: Infinity,
  total: Infinity,
};

/** Lays a `timeout` option over what stood before. */
export function withTimeout(base: Required<Timeouts>, timeout?: Timeout): Required<Timeouts> {
  if (timeout === undefined) return base;
  const given = typeof timeout === 'number' ? { response: timeout, idle: timeout } : timeout;
  for (const [phase, ms] of Object.entries(given)) {
    if (typeof ms !== 'number' || !(ms > 0)) {
      throw new AnthropicError(
        `timeout.${phase} is ${String(ms)}: give milliseconds above 0, or Infinity for no limit`,
      );
    }
  }
  return { ...base, ...given };
}

const WHAT: Readonly<Record<TimeoutPhase, string>> = {
  response: 'no response headers came',
  idle: 'not a byte came',
  stall: 'the message made no progress',
  total: 'the request was not finished',
};

/** What is waited for: headers, a piece of the body, the time of the next try. */
export type Waiting = 'response' | 'idle' | 'backoff';

/** setTimeout fires at once for anything longer. */
const LONGEST_TIMER_MS = 2_147_483_647;

/**
 * The four clocks of one request and its retries. They run only while we wait: `wait` starts them
 * and stops them, so a reader that takes its time costs nothing.
 */
export class Deadline {
  readonly #limits: Required<Timeouts>;
  readonly #clock: Clock;
  readonly #close: (error: APITimeoutError) => void;
  /** Time waited so far: in all, and since the message last grew. */
  #waited: number;
  #stalled = 0;

  /**
   * @param close is called when a clock has run out, to close the connection.
   * @param waited what of `total` is spent already.
   */
  constructor(
    limits: Required<Timeouts>,
    clock: Clock,
    close: (error: APITimeoutError) => void,
    waited = 0,
  ) {
    this.#limits = limits;
    this.#clock = clock;
    this.#close = close;
    this.#waited = waited;
  }

  /** Milliseconds waited in all. */
  get waited(): number {
    return this.#waited;
  }

  /** The message grew, or starts anew. */
  progress(): void {
    this.#stalled = 0;
  }

  /**
   * Settles as the promise does, unless a clock runs out first.
   * @throws APITimeoutError
   */
  wait<T>(promise: Promise<T>, phase: Waiting): Promise<T> {
    const [ms, first] = this.#next(phase);
    const since = this.#clock.now();
    return new Promise((resolve, reject) => {
      let isWaiting = true;
      const stop = (): void => {
        if (!isWaiting) return;
        isWaiting = false;
        this.#clock.clearTimeout(timer);
        const waited = this.#clock.now() - since;
        this.#waited += waited;
        if (phase === 'idle') this.#stalled += waited;
      };
      const runOut = (): void => {
        // Now: what is waited for may settle later, or never, and another try may begin before.
        stop();
        const seconds = this.#limits[first] / 1000;
        const error = new APITimeoutError(`${WHAT[first]} within ${seconds} s`, first);
        reject(error);
        this.#close(error);
      };
      const timer =
        ms === Infinity
          ? undefined
          : this.#clock.setTimeout(runOut, Math.min(ms, LONGEST_TIMER_MS));
      promise.then(
        (value) => {
          stop();
          resolve(value);
        },
        (error) => {
          stop();
          reject(error);
        },
      );
    });
  }

  /** Which clock runs out first, and in how many milliseconds. */
  #next(phase: Waiting): [ms: number, phase: TimeoutPhase] {
    const { stall, total } = this.#limits;
    let next: [number, TimeoutPhase] = [total - this.#waited, 'total'];
    if (phase !== 'backoff' && this.#limits[phase] < next[0]) next = [this.#limits[phase], phase];
    if (phase === 'idle' && stall - this.#stalled < next[0])
      next = [stall - this.#stalled, 'stall'];
    return next;
  }
}
