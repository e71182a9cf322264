import type { ContentBlock } from './blocks.js';
import type { Model } from './model.js';
import type { OpenString, UnknownObject } from './open.js';
import type { Usage } from './usage.js';

/** The model's answer. Fields that are optional here are absent in older streams. */
export interface Message {
  id: string;
  type: 'message';
  role: 'assistant';
  /** The model that answered; after a beta `fallback` block the one that took over. */
  model: Model;
  content: ContentBlock[];
  /** The container that the request's code ran in; name its id to go on in it. */
  container?: Container | null;
  diagnostics?: Diagnostics | null;
  /** Null while the message streams. */
  stop_reason: StopReason | null;
  /** The one of the request's `stop_sequences` that was met. */
  stop_sequence: string | null;
  /** More about the stop reason, where there is more to say. */
  stop_details?: StopDetails | null;
  usage: Usage;
}

export type StopReason = OpenString<
  | 'end_turn'
  | 'max_tokens'
  | 'stop_sequence'
  | 'tool_use'
  | 'pause_turn'
  | 'refusal'
  | 'model_context_window_exceeded'
>;

export type StopDetails = RefusalStopDetails | UnknownStopDetails;

export interface RefusalStopDetails {
  type: 'refusal';
  /** The policy that was touched; null where none is named. */
  category: RefusalCategory | null;
  /** For people; its wording may change. */
  explanation: string | null;
}

export type RefusalCategory = OpenString<
  'cyber' | 'bio' | 'frontier_llm' | 'reasoning_extraction' | 'general_harms'
>;

export type UnknownStopDetails = UnknownObject;

export interface Container {
  id: string;
  /** ISO 8601. */
  expires_at: string;
  skills?: ContainerSkill[] | null;
}

export interface ContainerSkill {
  type: OpenString<'anthropic' | 'custom'>;
  skill_id: string;
  version: string;
}

/** Answers the param `diagnostics`; null where nothing was asked, or nothing is wrong. */
export interface Diagnostics {
  /** Why the cache was not hit as far as it could have been; null while the API is still comparing. */
  cache_miss_reason: CacheMissReason | null;
}

export interface CacheMissReason {
  type: OpenString<
    | 'model_changed'
    | 'system_changed'
    | 'tools_changed'
    | 'messages_changed'
    | 'previous_message_not_found'
    | 'unavailable'
  >;
  cache_missed_input_tokens?: number | null;
}

/** The answer of `countTokens`. */
export interface MessageTokensCount {
  input_tokens: number;
}
