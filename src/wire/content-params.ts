import type {
  BashCodeExecutionToolResultBlock,
  CodeExecutionToolResultBlock,
  ContainerUploadBlock,
  RedactedThinkingBlock,
  ServerToolUseBlock,
  TextEditorCodeExecutionToolResultBlock,
  ThinkingBlock,
  ToolSearchToolResultBlock,
  ToolUseBlock,
  UnknownBlock,
  WebFetchToolResultBlock,
  WebSearchToolResultBlock,
} from './blocks.js';
import type { TextCitationParam } from './citations.js';
import type { OpenString } from './open.js';
import type {
  Base64PDFSource,
  PlainTextSource,
  ToolReferenceBlock,
} from './server-tool-results.js';
import type { ToParam } from './to-param.js';

/** A piece of a message that is sent. Every block of a response is one, as it came. */
export type ContentBlockParam =
  | TextBlockParam
  | ImageBlockParam
  | DocumentBlockParam
  | SearchResultBlockParam
  | ThinkingBlockParam
  | RedactedThinkingBlockParam
  | ToolUseBlockParam
  | ToolResultBlockParam
  | ServerToolUseBlockParam
  | WebSearchToolResultBlockParam
  | WebFetchToolResultBlockParam
  | CodeExecutionToolResultBlockParam
  | BashCodeExecutionToolResultBlockParam
  | TextEditorCodeExecutionToolResultBlockParam
  | ToolSearchToolResultBlockParam
  | ContainerUploadBlockParam
  | UnknownBlock;

/** The prompt up to and including the marked piece is cached. */
export interface CacheControlEphemeral {
  type: 'ephemeral';
  /** Time to live: 5 minutes by default. */
  ttl?: OpenString<'5m' | '1h'> | undefined;
}

/** Whatever may end a cached part of the prompt. */
export interface Cacheable {
  cache_control?: CacheControlEphemeral | null | undefined;
}

export interface TextBlockParam extends Cacheable {
  type: 'text';
  text: string;
  citations?: readonly TextCitationParam[] | null | undefined;
}

export interface ImageBlockParam extends Cacheable {
  type: 'image';
  source: Base64ImageSource | URLSource | FileSource;
  transformations?:
    | {
        /** What becomes of an image larger than the model sees: made smaller, or refused. */
        oversized_image?: OpenString<'downsize' | 'error'> | undefined;
      }
    | null
    | undefined;
}

export interface Base64ImageSource {
  type: 'base64';
  media_type: OpenString<'image/jpeg' | 'image/png' | 'image/gif' | 'image/webp'>;
  /** Base64. */
  data: string;
}

export interface URLSource {
  type: 'url';
  url: string;
}

/** A file uploaded before. */
export interface FileSource {
  type: 'file';
  file_id: string;
}

export interface DocumentBlockParam extends Cacheable {
  type: 'document';
  source: Base64PDFSource | PlainTextSource | ContentBlockSource | URLSource | FileSource;
  title?: string | null | undefined;
  /** About the document: shown to the model, never cited. */
  context?: string | null | undefined;
  citations?: CitationsConfigParam | null | undefined;
}

export interface ContentBlockSource {
  type: 'content';
  content: string | readonly (TextBlockParam | ImageBlockParam)[];
}

export interface CitationsConfigParam {
  /** Whether the model may cite it; it does not by default. */
  enabled?: boolean | undefined;
}

/** A result of your own search, which the model can cite. */
export interface SearchResultBlockParam extends Cacheable {
  type: 'search_result';
  /** Where it comes from, such as a URL. */
  source: string;
  title: string;
  content: readonly TextBlockParam[];
  citations?: CitationsConfigParam | undefined;
}

/** The answer to a `tool_use` block. */
export interface ToolResultBlockParam extends Cacheable {
  type: 'tool_result';
  /** The `id` of the `tool_use` block. */
  tool_use_id: string;
  content?: string | readonly ToolResultContent[] | undefined;
  /** True where the tool failed; `content` then says why. */
  is_error?: boolean | undefined;
  toolset_name?: string | null | undefined;
}

export type ToolResultContent =
  | TextBlockParam
  | ImageBlockParam
  | SearchResultBlockParam
  | DocumentBlockParam
  | ToolReferenceBlockParam
  | BrowserStateBlockParam
  | UnknownBlock;

/** What the tabs of a browser are after a call of the browser toolset. */
export interface BrowserStateBlockParam extends Cacheable {
  type: 'browser_state';
  tabs: readonly { readonly [field: string]: unknown }[];
  state_changes?: readonly { readonly [field: string]: unknown }[] | null | undefined;
}

export interface ToolReferenceBlockParam extends ToParam<ToolReferenceBlock>, Cacheable {}

export interface ThinkingBlockParam extends ToParam<ThinkingBlock> {}

export interface RedactedThinkingBlockParam extends ToParam<RedactedThinkingBlock> {}

export interface ToolUseBlockParam extends ToParam<ToolUseBlock>, Cacheable {}

export interface ServerToolUseBlockParam extends ToParam<ServerToolUseBlock>, Cacheable {}

export interface WebSearchToolResultBlockParam
  extends ToParam<WebSearchToolResultBlock>,
    Cacheable {}

export interface WebFetchToolResultBlockParam extends ToParam<WebFetchToolResultBlock>, Cacheable {}

export interface CodeExecutionToolResultBlockParam
  extends ToParam<CodeExecutionToolResultBlock>,
    Cacheable {}

export interface BashCodeExecutionToolResultBlockParam
  extends ToParam<BashCodeExecutionToolResultBlock>,
    Cacheable {}

export interface TextEditorCodeExecutionToolResultBlockParam
  extends ToParam<TextEditorCodeExecutionToolResultBlock>,
    Cacheable {}

export interface ToolSearchToolResultBlockParam
  extends ToParam<ToolSearchToolResultBlock>,
    Cacheable {}

export interface ContainerUploadBlockParam extends ToParam<ContainerUploadBlock>, Cacheable {}
