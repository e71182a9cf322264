import { isPlain, type OptionCheck, shown } from '../check-options.js';
import { AnthropicError, type TimeoutPhase } from '../errors.js';

/** How long to wait for the server, in milliseconds. `Infinity` turns a clock off. */
export interface Timeouts {
  /**
   * Request sent → response headers; of a response that isn't streamed, the body too. `apiKey()` has as
   * long. Default 600,000.
   */
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
  if (!isPlain(given)) {
    throw new AnthropicError(`timeout is ${shown(timeout)}: ${LIMITS}`);
  }
  const limits = { ...base };
  for (const [phase, ms] of Object.entries(given)) {
    if (ms === undefined) continue;
    if (!Object.hasOwn(PHASES, phase)) {
      throw new AnthropicError(`there is no timeout.${phase}: ${LIMITS}`);
    }
    if (typeof ms !== 'number' || !(ms > 0)) {
      throw new AnthropicError(
        `timeout.${phase} is ${shown(ms)}: give milliseconds above 0, or Infinity for no limit`,
      );
    }
    limits[phase as TimeoutPhase] = ms;
    if (phase === 'stall') limits.longStall = ms;
  }
  return limits;
}

/** The check of the option. */
export const aTimeout: OptionCheck = (value) =>
  void withTimeout(DEFAULT_TIMEOUTS, value as Timeout);

const LIMITS =
  'pass milliseconds, such as 30_000, or { response, idle, stall, total }; Infinity is no limit';

const PHASES: Readonly<Record<TimeoutPhase, true>> = {
  response: true,
  idle: true,
  stall: true,
  total: true,
};
