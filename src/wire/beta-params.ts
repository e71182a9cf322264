import type { BatchCreateParams } from './batches.js';
import type {
  BetaAdvisorToolResultBlock,
  BetaCompactionBlock,
  BetaFallbackBlock,
  BetaMCPToolListingBlock,
  BetaMCPToolResultBlock,
  BetaMCPToolUseBlock,
  BetaToolAdditionBlock,
  BetaToolRemovalBlock,
} from './beta.js';
import type { Cacheable, ContentBlockParam } from './content-params.js';
import type { MessageTokensCount } from './message.js';
import type { Model } from './model.js';
import type { OpenString } from './open.js';
import type {
  CountedParam,
  MessageParam,
  MessageStreamParams,
  OutputConfig,
  ThinkingConfigParam,
} from './params.js';
import type { ToParam } from './to-param.js';

/** What `beta.messages.stream` takes. */
export interface BetaMessageStreamParams extends Omit<MessageStreamParams, 'messages'> {
  messages: readonly BetaMessageParam[];
  /** Not part of the body: travels as the header `anthropic-beta: a,b`. */
  betas?: readonly string[] | undefined;
  mcp_servers?: readonly BetaRequestMCPServerURLDefinition[] | undefined;
  context_management?: BetaContextManagementConfig | null | undefined;
  compaction?: BetaCompactionConfig | null | undefined;
  /** Models to ask, in this order, when one refuses; `default` leaves the choice to the API. */
  fallbacks?: 'default' | readonly BetaFallbackParam[] | null | undefined;
  /** From `stop_details` of the refusal that this request follows. */
  fallback_credit_token?: string | BetaFallbackCreditTokenParam | null | undefined;
  /** The API keeps the conversation, and a request brings only what is new. */
  thread?: BetaThreadCreateParams | BetaThreadContinueParams | null | undefined;
  billing_policy?: BetaBillingPolicy | null | undefined;
  output_config?: BetaOutputConfig | undefined;
}

/** What `beta.messages.create` takes. */
export interface BetaMessageCreateParams extends BetaMessageStreamParams {
  stream?: boolean | undefined;
}

export interface BetaMessageCreateParamsNonStreaming extends BetaMessageCreateParams {
  stream?: false | undefined;
}

export interface BetaMessageCreateParamsStreaming extends BetaMessageCreateParams {
  stream: true;
}

/** What `beta.messages.countTokens` takes. */
export interface BetaMessageCountTokensParams
  extends Pick<
    BetaMessageStreamParams,
    CountedParam | 'betas' | 'mcp_servers' | 'context_management' | 'compaction' | 'billing_policy'
  > {}

/** The params of `beta.messages.batches.create`. */
export interface BetaBatchCreateParams extends BatchCreateParams<BetaMessageCreateParams> {
  betas?: readonly string[] | undefined;
}

/** The answer of `beta.messages.countTokens`. */
export interface BetaMessageTokensCount extends MessageTokensCount {
  /** The count before `context_management` removed anything. */
  context_management?: { original_input_tokens: number } | null;
}

export type BetaMessageParam = MessageParam<BetaContentBlockParam>;

export type BetaContentBlockParam =
  | ContentBlockParam
  | BetaMCPToolUseBlockParam
  | BetaMCPToolResultBlockParam
  | BetaMCPToolListingBlockParam
  | BetaCompactionBlockParam
  | BetaFallbackBlockParam
  | BetaToolAdditionBlockParam
  | BetaToolRemovalBlockParam
  | BetaAdvisorToolResultBlockParam;

export interface BetaMCPToolUseBlockParam extends ToParam<BetaMCPToolUseBlock>, Cacheable {}

export interface BetaMCPToolResultBlockParam extends ToParam<BetaMCPToolResultBlock>, Cacheable {}

export interface BetaMCPToolListingBlockParam extends ToParam<BetaMCPToolListingBlock> {}

export interface BetaCompactionBlockParam extends ToParam<BetaCompactionBlock>, Cacheable {}

export interface BetaToolAdditionBlockParam extends ToParam<BetaToolAdditionBlock>, Cacheable {}

export interface BetaToolRemovalBlockParam extends ToParam<BetaToolRemovalBlock>, Cacheable {}

export interface BetaFallbackBlockParam extends ToParam<BetaFallbackBlock> {}

export interface BetaAdvisorToolResultBlockParam
  extends ToParam<BetaAdvisorToolResultBlock>,
    Cacheable {}

export interface BetaRequestMCPServerURLDefinition {
  type: 'url';
  name: string;
  url: string;
  authorization_token?: string | null | undefined;
  tool_configuration?:
    | {
        enabled?: boolean | null | undefined;
        /** All where absent or null. */
        allowed_tools?: readonly string[] | null | undefined;
      }
    | null
    | undefined;
}

/** Keeps the prompt short: the edits are applied in this order, before the model sees it. */
export interface BetaContextManagementConfig {
  edits?: readonly BetaContextManagementEdit[] | undefined;
}

/** An open set: the other fields are the edit's own. */
export interface BetaContextManagementEdit {
  type: OpenString<'clear_tool_uses_20250919' | 'clear_thinking_20251015' | 'compact_20260112'>;
  /** The size of the prompt at which the edit begins. */
  trigger?: BetaContextAmount | null | undefined;
  /** How much of the latest stays. */
  keep?: BetaContextAmount | { type: 'all' } | 'all' | undefined;
  [field: string]: unknown;
}

export interface BetaContextAmount {
  type: OpenString<'input_tokens' | 'tool_uses' | 'thinking_turns'>;
  value: number;
}

/**
 * Asks for a summary of the conversation instead of an answer: one `compaction` block. Not to be
 * combined with `context_management`.
 */
export interface BetaCompactionConfig {
  type: 'summarize';
  /** Instead of the API's own prompt for summaries. */
  instructions?: string | null | undefined;
}

/** What differs from the request when this model is asked. */
export interface BetaFallbackParam {
  model: Model;
  max_tokens?: number | null | undefined;
  thinking?: ThinkingConfigParam | null | undefined;
  output_config?: BetaOutputConfig | null | undefined;
  speed?: OpenString<'standard' | 'fast'> | null | undefined;
  [param: string]: unknown;
}

export interface BetaFallbackCreditTokenParam {
  token: string;
  /** `strict`, the default: the request fails with 400 where the credit does not apply. */
  mode?: OpenString<'strict' | 'best_effort'> | undefined;
}

export interface BetaThreadCreateParams {
  type: 'create';
}

export interface BetaThreadContinueParams {
  type: 'continue';
  previous_message_id: string;
}

export interface BetaBillingPolicy {
  type: 'billing_policy';
  bill_to?: OpenString<'self' | 'user_profile'> | undefined;
}

export interface BetaOutputConfig extends OutputConfig {
  /** The tokens that a whole task may take, over all its requests. */
  task_budget?:
    | { type: 'tokens'; total: number; remaining?: number | null | undefined }
    | null
    | undefined;
}
