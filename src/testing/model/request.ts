import type { MessageCreateParams } from '../../wire/params.js';

/**
 * How an answer ended: the client received all of it, the answer broke off by itself, or the client
 * left before its end.
 */
export type Ending = 'open' | 'complete' | 'broken' | 'left';

/** A request that the emulator received. */
export interface EmulatorRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /**
   * The params as they were sent. A reply function gets params that passed the checks. In
   * `emulator.requests` a rejected request keeps whatever its JSON was, or its text if it wasn't JSON.
   */
  readonly body: EmulatorParams;
  /** When it arrived, by the emulator's clock, in milliseconds. */
  readonly time: number;
  /** The status of the response; undefined if there is none (yet). */
  readonly status: number | undefined;
  /** The current state. */
  readonly ending: Ending;
  /** When it ended. */
  readonly endTime: number | undefined;
  /** Resolves when it is no longer open. */
  readonly ended: Promise<Ending>;
}

/** Params of any version of the API; `countTokens` sends them without `max_tokens`. */
export interface EmulatorParams extends MessageCreateParams {
  readonly [param: string]: unknown;
}
