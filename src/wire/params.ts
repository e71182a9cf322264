import type { CacheControlEphemeral, ContentBlockParam, TextBlockParam } from './content-params.js';
import type { Model } from './model.js';
import type { OpenString } from './open.js';
import type { ToolChoice, ToolUnion } from './tools.js';

/** What `messages.stream` takes. */
export interface MessageStreamParams {
  model: Model;
  /**
   * The most tokens to write, thinking included; an answer that is cut there has the stop reason
   * `max_tokens`. 0 only fills the cache.
   */
  max_tokens: number;
  messages: readonly MessageParam[];
  system?: SystemParam | undefined;
  /** Texts that end the answer; they are not part of it. */
  stop_sequences?: readonly string[] | undefined;
  /** 0 to 1. Older models only, like the next two. */
  temperature?: number | undefined;
  /** Nucleus sampling, 0 to 1. */
  top_p?: number | undefined;
  /** Samples from the k likeliest tokens. */
  top_k?: number | undefined;
  thinking?: ThinkingConfigParam | undefined;
  tools?: readonly ToolUnion[] | undefined;
  tool_choice?: ToolChoice | undefined;
  metadata?: Metadata | undefined;
  service_tier?: OpenString<'auto' | 'standard_only'> | undefined;
  /** `fast`: more tokens a second at a higher price. */
  speed?: OpenString<'standard' | 'fast'> | null | undefined;
  /** The id of a container to go on in, or what a new one needs. */
  container?: string | ContainerParams | null | undefined;
  /** Caches the prompt up to its last piece that can be cached. */
  cache_control?: CacheControlEphemeral | null | undefined;
  /** The region where the model runs; null: the workspace's default. */
  inference_geo?: string | null | undefined;
  diagnostics?: DiagnosticsParam | null | undefined;
  output_config?: OutputConfig | undefined;
  /** Not part of the body: travels as the header `anthropic-user-profile-id`. */
  user_profile_id?: string | undefined;
  /** Not part of the body: travels as the header `anthropic-workspace-id`. */
  workspace_id?: string | undefined;
}

/** What `messages.create` takes. */
export interface MessageCreateParams extends MessageStreamParams {
  stream?: boolean | undefined;
}

export interface MessageCreateParamsNonStreaming extends MessageCreateParams {
  stream?: false | undefined;
}

export interface MessageCreateParamsStreaming extends MessageCreateParams {
  stream: true;
}

/** What `messages.countTokens` takes. */
export interface MessageCountTokensParams extends Pick<MessageStreamParams, CountedParam> {}

/** The params that a token count depends on, and those that travel as headers. */
export type CountedParam =
  | 'model'
  | 'messages'
  | 'system'
  | 'thinking'
  | 'tools'
  | 'tool_choice'
  | 'speed'
  | 'cache_control'
  | 'output_config'
  | 'user_profile_id'
  | 'workspace_id';

/** One turn. An answer goes back as `{ role: 'assistant', content: message.content }`. */
export interface MessageParam<Block = ContentBlockParam> {
  /** `system`: instructions from here on; text only. */
  role: 'user' | 'assistant' | 'system';
  content: string | readonly Block[];
}

export type SystemParam = string | readonly TextBlockParam[];

/** Whether and how the model thinks before it answers. */
export type ThinkingConfigParam =
  | ThinkingConfigAdaptive
  | ThinkingConfigEnabled
  | ThinkingConfigBetweenTools
  | ThinkingConfigDisabled;

/** The model decides whether and how long to think. */
export interface ThinkingConfigAdaptive {
  type: 'adaptive';
  display?: ThinkingDisplay | null | undefined;
  block_binding?: ThinkingBlockBinding | null | undefined;
}

export interface ThinkingConfigEnabled {
  type: 'enabled';
  /** At least 1024, less than `max_tokens`. */
  budget_tokens: number;
  display?: ThinkingDisplay | null | undefined;
  block_binding?: ThinkingBlockBinding | null | undefined;
}

/** What becomes of thinking that is sent back where it was not thought. Beta. */
export interface ThinkingBlockBinding {
  prefix_mismatch_behavior?: string | null | undefined;
}

/** No thinking but between tool calls. */
export interface ThinkingConfigBetweenTools {
  type: 'between_tools';
}

export interface ThinkingConfigDisabled {
  type: 'disabled';
}

/** `omitted`: thinking blocks come with a signature and no text. The default is the model's. */
export type ThinkingDisplay = OpenString<'summarized' | 'omitted' | 'updates'>;

export interface Metadata {
  /** An opaque id of your user: no name, no address. */
  user_id?: string | null | undefined;
}

export interface ContainerParams {
  /** The container to go on in; absent or null for a new one. */
  id?: string | null | undefined;
  skills?: readonly SkillParams[] | null | undefined;
}

export interface SkillParams {
  type: OpenString<'anthropic' | 'custom'>;
  skill_id: string;
  /** The latest by default. */
  version?: string | undefined;
}

/** Asks why the cache was missed; `message.diagnostics` answers. */
export interface DiagnosticsParam {
  /** The message whose request this one is compared with. */
  previous_message_id?: string | null | undefined;
}

export interface OutputConfig {
  effort?: OpenString<'low' | 'medium' | 'high' | 'xhigh' | 'max'> | null | undefined;
  /** Makes the text of the answer JSON that fits a schema. */
  format?: JSONOutputFormat | null | undefined;
}

export interface JSONOutputFormat {
  type: 'json_schema';
  schema: { readonly [keyword: string]: unknown };
}
