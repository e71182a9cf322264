import type { Faults } from '../model/fault.js';
import type { MoreModelFacts } from '../model/model-facts.js';
import type { Pace } from '../model/reply.js';
import type { ContinuationOptions } from '../script/continuation.js';
import type { Replies } from '../script/replies.js';
import type { HostOptions } from '../wire/host.js';

/** Options of an emulator. */
export interface EmulatorOptions extends HostOptions {
  /** The only accepted key. Default: any key is accepted, but there must be one. */
  apiKey?: string | undefined;
  /**
   * Replies to the requests, in turn; a request without one gets an `api_error` that says so. Or a
   * function that is called for each request. A rejected request uses no reply.
   */
  replies: Replies;
  /** How fast answers are sent. Default: nothing takes time. */
  pace?: Pace | undefined;
  /** The faults of every answer, or of the n-th, from 1. */
  faults?: Faults | undefined;
  /** How long a batch of messages is in progress, in milliseconds. Default 0: it ends at once. */
  batchTime?: number | undefined;
  /** Makes ids look random, but the same for the same seed. Default: they count up. */
  seed?: number | undefined;
  /**
   * The available models; a request for another one gets a 404. Default: any but those whose name starts
   * with `claude-` and goes on with no line of models, such as `claude-sonet-4-5`.
   */
  models?: readonly string[] | undefined;
  /**
   * More models, or other facts about known ones: limits, kinds of thinking, effort and so on. What one
   * doesn't say is as with the newest models, and so is a model that is in no table.
   */
  modelFacts?: readonly MoreModelFacts[] | undefined;
  /**
   * `false`: accepts whatever has a model and messages, as many servers do that speak the API without being
   * Anthropic's. Default true: refuses what the API refuses.
   */
  checks?: boolean | undefined;
  /** Names for the header `anthropic-beta` that are newer than the emulator; others are refused. */
  betas?: readonly string[] | undefined;
  /**
   * How a request that continues an earlier reply is answered: with the rest of that reply, which uses
   * no new one. `false`: like any other request.
   */
  continuation?: ContinuationOptions | false | undefined;
}
