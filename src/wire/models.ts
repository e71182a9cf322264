import type { OpenString } from './open.js';
import type { PageParams } from './page.js';

/** A model, and what it can do. Servers that are not the API leave fields out. */
export interface ModelInfo {
  type: 'model';
  id: string;
  /** For people. */
  display_name: string;
  /** When it was released, RFC 3339; the epoch where that isn't known. */
  created_at: string;
  /** `deprecated`: still works, and will be retired. `retired`: requests for it fail. */
  lifecycle: OpenString<'active' | 'deprecated' | 'retired'>;
  /** Null while it is active. */
  deprecated_at: string | null;
  /** The planned date; null where there is none. `lifecycle` says whether it has been retired. */
  retires_at: string | null;
  /** Such as `opus`; null where it belongs to none. */
  line: ModelLine | null;
  /** The context window, in tokens. */
  max_input_tokens: number | null;
  /** The most that `max_tokens` may be. */
  max_tokens: number | null;
  capabilities: ModelCapabilities | null;
}

export type ModelLine = OpenString<'haiku' | 'sonnet' | 'opus' | 'fable' | 'mythos'>;

/** Whether a model has a capability. */
export interface CapabilitySupport {
  supported: boolean;
}

export interface ModelCapabilities {
  batch: CapabilitySupport;
  citations: CapabilitySupport;
  /** Whether code that it runs can call the other tools of the request. */
  code_execution: CapabilitySupport;
  context_management: ContextManagementCapability;
  effort: EffortCapability;
  image_input: CapabilitySupport;
  pdf_input: CapabilitySupport;
  server_tools: ServerToolsCapability;
  structured_outputs: CapabilitySupport;
  thinking: ThinkingCapability;
}

export interface ContextManagementCapability extends CapabilitySupport {
  clear_thinking_20251015: CapabilitySupport | null;
  clear_tool_uses_20250919: CapabilitySupport | null;
  compact_20260112: CapabilitySupport | null;
}

export interface EffortCapability extends CapabilitySupport {
  low: CapabilitySupport;
  medium: CapabilitySupport;
  high: CapabilitySupport;
  xhigh: CapabilitySupport | null;
  max: CapabilitySupport;
}

export interface ServerToolsCapability extends CapabilitySupport {
  code_execution: CapabilitySupport;
  web_search: CapabilitySupport;
}

export interface ThinkingCapability extends CapabilitySupport {
  types: ThinkingTypes;
}

/** Which values of `thinking.type` it takes. */
export interface ThinkingTypes {
  adaptive: CapabilitySupport;
  between_tools: CapabilitySupport;
  disabled: CapabilitySupport;
  enabled: CapabilitySupport;
}

/** The params of `models.list`. */
export interface ModelListParams extends PageParams {
  /** Only models in these stages. Default: active and deprecated ones. */
  lifecycle?: readonly OpenString<'active' | 'deprecated' | 'retired'>[] | undefined;
}
