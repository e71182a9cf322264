import type { CacheControlEphemeral } from './content-params.js';
import type { OpenString } from './open.js';

/** A tool of the request: one that you run, or one that the API knows. */
export type ToolUnion = Tool | ServerTool;

/** A tool that you run: the model asks for it in a `tool_use` block. */
export interface Tool {
  type?: 'custom' | null | undefined;
  name: string;
  /** When to use it, and what it answers: the more detail, the better the calls. */
  description?: string | undefined;
  input_schema: InputSchema;
  /** Guarantees that names and inputs fit the schema. */
  strict?: boolean | undefined;
  /**
   * Streams the input as it is written, unvalidated: it comes sooner, and can be invalid JSON.
   * Null: as the request's betas say.
   */
  eager_input_streaming?: boolean | null | undefined;
  cache_control?: CacheControlEphemeral | null | undefined;
  /** Leaves the tool out of the prompt until a tool search finds it. */
  defer_loading?: boolean | undefined;
  /** Who may call it; the model itself where absent. */
  allowed_callers?: readonly AllowedCaller[] | undefined;
  input_examples?: readonly { readonly [field: string]: unknown }[] | undefined;
}

/** JSON Schema (draft 2020-12) of a tool's `input`. */
export interface InputSchema {
  type: 'object';
  properties?: unknown;
  required?: readonly string[] | null | undefined;
  [keyword: string]: unknown;
}

export type AllowedCaller = OpenString<
  'direct' | 'code_execution_20250825' | 'code_execution_20260120' | 'code_execution_20260521'
>;

/**
 * A tool that the API runs or defines, an open set: `type` is its name and version, the other
 * fields are the tool's own.
 */
export interface ServerTool {
  type: OpenString<
    | 'web_search_20260318'
    | 'web_fetch_20260318'
    | 'code_execution_20260521'
    | 'bash_20250124'
    | 'text_editor_20250728'
    | 'memory_20250818'
    | 'tool_search_tool_regex_20251119'
    | 'tool_search_tool_bm25_20251119'
    | 'browser_toolset_20260801'
    | 'computer_toolset_20260801'
    | 'advisor_20260301'
    | 'mcp_toolset'
  >;
  /** Toolsets have none. */
  name?: string | undefined;
  cache_control?: CacheControlEphemeral | null | undefined;
  [field: string]: unknown;
}

/** Whether the model may, must or must not call tools. */
export type ToolChoice = ToolChoiceAuto | ToolChoiceAny | ToolChoiceTool | ToolChoiceNone;

export interface ToolChoiceAuto {
  type: 'auto';
  /** At most one call an answer. */
  disable_parallel_tool_use?: boolean | undefined;
}

/** The model must call a tool. */
export interface ToolChoiceAny {
  type: 'any';
  /** Exactly one call. */
  disable_parallel_tool_use?: boolean | undefined;
}

/** The model must call this tool. */
export interface ToolChoiceTool {
  type: 'tool';
  name: string;
  /** Exactly one call. */
  disable_parallel_tool_use?: boolean | undefined;
}

export interface ToolChoiceNone {
  type: 'none';
}
