import type { Model } from './model.js';
import type { OpenString, UnknownObject } from './open.js';

/**
 * What a message cost. All input together is
 * `input_tokens + cache_creation_input_tokens + cache_read_input_tokens`.
 *
 * `message_start` brings placeholders, each `message_delta` the totals so far. Counters that are
 * newer than these types can be read by name, as unknown.
 */
export interface Usage {
  /** Input tokens that were neither written to the cache nor read from it. */
  input_tokens: number;
  /** All that the model wrote, thinking included. */
  output_tokens: number;
  /** Input tokens written to the cache. */
  cache_creation_input_tokens?: number | null;
  /** Input tokens read from the cache. */
  cache_read_input_tokens?: number | null;
  /** `cache_creation_input_tokens` by time to live. */
  cache_creation?: CacheCreation | null;
  /** What `output_tokens` is made of. */
  output_tokens_details?: OutputTokensDetails | null;
  /** Requests made by server tools; null without any. */
  server_tool_use?: ServerToolUsage | null;
  /** The tier that served the request, which may differ from the one asked for. */
  service_tier?: OpenString<'standard' | 'priority' | 'batch'> | null;
  speed?: OpenString<'standard' | 'fast'> | null;
  /** The region where the model ran. */
  inference_geo?: string | null;
  [counter: string]: unknown;
}

export interface CacheCreation {
  /** Tokens written to entries that live 5 minutes. */
  ephemeral_5m_input_tokens: number;
  /** Tokens written to entries that live an hour. */
  ephemeral_1h_input_tokens: number;
  [counter: string]: unknown;
}

export interface OutputTokensDetails {
  /** Tokens of the model's reasoning as billed, which may be more than the `thinking` text shows. */
  thinking_tokens: number;
  [counter: string]: unknown;
}

export interface ServerToolUsage {
  web_search_requests: number;
  /** Absent in streams that are older than the tool. */
  web_fetch_requests?: number;
  [counter: string]: unknown;
}

/** Beta adds what each sampling step cost, and what became of a fallback credit. */
export interface BetaUsage extends Usage {
  /** One entry a step, in their order. */
  iterations?: BetaIterationUsage[] | null;
  fallback_credit?: BetaFallbackCreditUsage | null;
}

/**
 * The cost of one step: a turn of the model, a compaction, an advisor's answer, a fallback. What a
 * compaction cost is not in the message's totals.
 */
export interface BetaIterationUsage
  extends Pick<
    Usage,
    | 'input_tokens'
    | 'output_tokens'
    | 'cache_creation_input_tokens'
    | 'cache_read_input_tokens'
    | 'cache_creation'
  > {
  type: OpenString<'message' | 'compaction' | 'advisor_message' | 'fallback_message'>;
  /** The model that was billed; a compaction names none. */
  model?: Model | null;
  [counter: string]: unknown;
}

/** What became of `fallback_credit_token`. */
export interface BetaFallbackCreditUsage {
  status: BetaFallbackCreditRedeemed | BetaFallbackCreditNotApplied | UnknownObject;
}

export interface BetaFallbackCreditRedeemed {
  type: 'redeemed';
}

export interface BetaFallbackCreditNotApplied {
  type: 'not_applied';
  reason: OpenString<'body_mismatch' | 'expired' | 'invalid_target_model' | 'not_enabled'>;
  /** Params to leave out so that the token can be redeemed. */
  remove_to_redeem?: string[] | null;
}
