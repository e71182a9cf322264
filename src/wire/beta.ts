import type { ContentBlock, TextBlock } from './blocks.js';
import type { ContentBlockDelta, ThinkingDelta } from './deltas.js';
import type {
  Message,
  RefusalCategory,
  RefusalStopDetails,
  StopReason,
  UnknownStopDetails,
} from './message.js';
import type { Model } from './model.js';
import type { OpenString, UnknownObject } from './open.js';
import type { BetaUsage } from './usage.js';

/** A message of `client.beta.messages`: all of a Message, and more. */
export interface BetaMessage extends Omit<Message, 'content'> {
  content: BetaContentBlock[];
  stop_reason: BetaStopReason | null;
  stop_details?: BetaStopDetails | null;
  /** What the API removed from the prompt. */
  context_management?: BetaContextManagementResponse | null;
  /** The blocks of the prompt that the API changed or should have, in their order. */
  input_transformations?: BetaInputTransformation[] | null;
  usage: BetaUsage;
}

/**
 * Any message, GA or beta. Since all that beta adds is optional, a Message is a BetaMessage too,
 * not the other way round.
 */
export type AnyMessage = BetaMessage;

export type BetaStopReason = StopReason | 'compaction';

export type BetaStopDetails = BetaRefusalStopDetails | UnknownStopDetails;

export interface BetaRefusalStopDetails extends RefusalStopDetails {
  /** For the param of the same name, when another model is asked within 5 minutes. */
  fallback_credit_token?: string | null;
  /** Whether the retry may end with the partial answer, as an assistant turn. */
  fallback_has_prefill_claim?: boolean | null;
  /** The fallback model to ask yourself; null unless the API had to leave one out. */
  recommended_model?: Model | null;
}

export type BetaContentBlock = ContentBlock | BetaOnlyBlock;

/** The blocks that GA does not have. */
export type BetaOnlyBlock =
  | BetaMCPToolUseBlock
  | BetaMCPToolResultBlock
  | BetaMCPToolListingBlock
  | BetaCompactionBlock
  | BetaFallbackBlock
  | BetaAdvisorToolResultBlock;

/** The model calls a tool of an MCP server; the API runs it. */
export interface BetaMCPToolUseBlock {
  type: 'mcp_tool_use';
  id: string;
  name: string;
  server_name: string;
  input: unknown;
}

export interface BetaMCPToolResultBlock {
  type: 'mcp_tool_result';
  tool_use_id: string;
  is_error: boolean;
  content: string | TextBlock[];
}

/** The tools that an MCP server offers: sent back, it saves asking the server again. */
export interface BetaMCPToolListingBlock {
  type: 'mcp_tool_listing';
  mcp_server_name: string;
  tools: BetaMCPTool[];
}

export interface BetaMCPTool {
  name: string;
  description?: string | null;
  /** JSON Schema. */
  input_schema: { [keyword: string]: unknown };
}

/** Stands for all that came before it: what is sent back may begin here. */
export interface BetaCompactionBlock {
  type: 'compaction';
  /** The summary; null where the compaction failed. */
  content: string | null;
  encrypted_content?: string | null;
  /** Proves that the API wrote it. */
  signature?: string | null;
  /** The tools that system turns before it added and removed. */
  tool_changes?: (BetaToolAdditionBlock | BetaToolRemovalBlock)[] | null;
}

/** In a system turn: the model may call this tool from here on. */
export interface BetaToolAdditionBlock {
  type: 'tool_addition';
  tool: BetaToolChangeReference | BetaToolDefinition;
}

/** In a system turn: this tool is not to be called, nor run, until it is added again. */
export interface BetaToolRemovalBlock {
  type: 'tool_removal';
  tool: BetaToolChangeReference;
}

/** A tool of the request, of an MCP server, or all tools of one. */
export type BetaToolChangeReference =
  | { type: 'tool_reference'; name: string }
  | { type: 'mcp_tool_reference'; server_name: string; name: string }
  | { type: 'mcp_toolset_reference'; server_name: string };

/** A tool that the request doesn't have among its `tools`. */
export interface BetaToolDefinition {
  type: 'tool_definition';
  definition: { [field: string]: unknown };
}

/** From here on another model speaks: `message.model` is `to.model`. */
export interface BetaFallbackBlock {
  type: 'fallback';
  from: BetaFallbackInfo;
  to: BetaFallbackInfo;
  trigger?: BetaFallbackRefusalTrigger | UnknownObject | null;
}

export interface BetaFallbackInfo {
  model: Model;
}

export interface BetaFallbackRefusalTrigger {
  type: 'refusal';
  category: RefusalCategory | null;
}

export interface BetaAdvisorToolResultBlock {
  type: 'advisor_tool_result';
  tool_use_id: string;
  content:
    | BetaAdvisorResultBlock
    | BetaAdvisorRedactedResultBlock
    | BetaAdvisorToolResultError
    | UnknownObject;
}

export interface BetaAdvisorResultBlock {
  type: 'advisor_result';
  text: string;
  stop_reason?: string | null;
}

/** Advice for the model only. */
export interface BetaAdvisorRedactedResultBlock {
  type: 'advisor_redacted_result';
  encrypted_content: string;
  stop_reason?: string | null;
}

export interface BetaAdvisorToolResultError {
  type: 'advisor_tool_result_error';
  error_code: OpenString<
    | 'max_uses_exceeded'
    | 'prompt_too_long'
    | 'too_many_requests'
    | 'overloaded'
    | 'unavailable'
    | 'execution_time_exceeded'
    | 'model_not_found'
  >;
}

export type BetaContentBlockDelta =
  | Exclude<ContentBlockDelta, ThinkingDelta>
  | BetaThinkingDelta
  | BetaCompactionContentBlockDelta;

export interface BetaThinkingDelta extends ThinkingDelta {
  /**
   * Progress, not part of the message: about how many tokens were thought since the last one. Null
   * unless `thinking.display` is `omitted` and a count is due.
   */
  estimated_tokens?: number | null;
}

/** Replaces `content`, and `encrypted_content` where the key is present. */
export interface BetaCompactionContentBlockDelta {
  type: 'compaction_delta';
  content: string | null;
  encrypted_content?: string | null;
}

/** Answers the param `context_management`. */
export interface BetaContextManagementResponse {
  applied_edits: (
    | BetaClearToolUses20250919EditResponse
    | BetaClearThinking20251015EditResponse
    | UnknownObject
  )[];
}

export interface BetaClearToolUses20250919EditResponse {
  type: 'clear_tool_uses_20250919';
  cleared_tool_uses: number;
  cleared_input_tokens: number;
}

export interface BetaClearThinking20251015EditResponse {
  type: 'clear_thinking_20251015';
  cleared_thinking_turns: number;
  cleared_input_tokens: number;
}

export type BetaInputTransformation = BetaThinkingInputTransformation | UnknownObject;

/** A thinking block of the prompt that does not belong where it was sent. */
export interface BetaThinkingInputTransformation {
  /** Not shown to the model, or shown as it was. */
  type: 'thinking_dropped' | 'thinking_mismatch_allowed';
  /** Where the block is in the request: `messages.{i}.content.{j}`. */
  path: string;
  reason: OpenString<
    | 'model_binding_mismatch'
    | 'prefix_binding_mismatch'
    | 'organization_binding_mismatch'
    | 'end_user_binding_mismatch'
  >;
}
