import type { TextCitation } from './citations.js';
import type { OpenString, UnknownObject } from './open.js';
import type {
  BashCodeExecutionResultBlock,
  BashCodeExecutionToolResultError,
  CodeExecutionResultBlock,
  CodeExecutionToolResultError,
  EncryptedCodeExecutionResultBlock,
  TextEditorCodeExecutionCreateResultBlock,
  TextEditorCodeExecutionStrReplaceResultBlock,
  TextEditorCodeExecutionToolResultError,
  TextEditorCodeExecutionViewResultBlock,
  ToolSearchToolResultError,
  ToolSearchToolSearchResultBlock,
  WebFetchBlock,
  WebFetchToolResultErrorBlock,
  WebSearchResultBlock,
  WebSearchToolResultError,
} from './server-tool-results.js';

/** A piece of a message's `content`. */
export type ContentBlock =
  | TextBlock
  | ThinkingBlock
  | RedactedThinkingBlock
  | ToolUseBlock
  | ServerToolUseBlock
  | WebSearchToolResultBlock
  | WebFetchToolResultBlock
  | CodeExecutionToolResultBlock
  | BashCodeExecutionToolResultBlock
  | TextEditorCodeExecutionToolResultBlock
  | ToolSearchToolResultBlock
  | ContainerUploadBlock
  | UnknownBlock;

export interface TextBlock {
  type: 'text';
  text: string;
  /** Null where nothing is cited. */
  citations?: TextCitation[] | null;
}

export interface ThinkingBlock {
  type: 'thinking';
  /** A summary, or empty, depending on the param `thinking.display`. */
  thinking: string;
  /** Opaque proof that the block is the model's; without it the block cannot be sent back. */
  signature: string;
}

/** Thinking that is not shown. It is sent back as it is. */
export interface RedactedThinkingBlock {
  type: 'redacted_thinking';
  /** Encrypted. */
  data: string;
}

/** The model calls one of the request's tools; answer with a `tool_result` of the same id. */
export interface ToolUseBlock {
  type: 'tool_use';
  id: string;
  name: string;
  /** The value of the streamed JSON. Validate it: only `strict` tools guarantee that it fits the schema. */
  input: unknown;
  caller?: ToolCaller | null;
  /** The toolset that the tool belongs to, where there is one. */
  toolset_name?: string | null;
}

/** The model calls a tool that the API runs. */
export interface ServerToolUseBlock {
  type: 'server_tool_use';
  id: string;
  name: ServerToolName;
  input: unknown;
  caller?: ToolCaller | null;
}

/** `advisor` is beta. */
export type ServerToolName = OpenString<
  | 'web_search'
  | 'web_fetch'
  | 'code_execution'
  | 'bash_code_execution'
  | 'text_editor_code_execution'
  | 'tool_search_tool_regex'
  | 'tool_search_tool_bm25'
  | 'advisor'
>;

/** Who called a tool: the model itself, or code that it runs. */
export type ToolCaller = DirectCaller | ServerToolCaller | UnknownObject;

export interface DirectCaller {
  type: 'direct';
}

export interface ServerToolCaller {
  type: 'code_execution_20250825' | 'code_execution_20260120';
  /** The id of the `server_tool_use` block whose code made the call. */
  tool_id: string;
}

export interface WebSearchToolResultBlock {
  type: 'web_search_tool_result';
  tool_use_id: string;
  /** The results, or why there are none. */
  content: WebSearchResultBlock[] | WebSearchToolResultError;
  caller?: ToolCaller | null;
}

export interface WebFetchToolResultBlock {
  type: 'web_fetch_tool_result';
  tool_use_id: string;
  content: WebFetchBlock | WebFetchToolResultErrorBlock | UnknownObject;
  caller?: ToolCaller | null;
}

export interface CodeExecutionToolResultBlock {
  type: 'code_execution_tool_result';
  tool_use_id: string;
  content:
    | CodeExecutionResultBlock
    | EncryptedCodeExecutionResultBlock
    | CodeExecutionToolResultError
    | UnknownObject;
}

export interface BashCodeExecutionToolResultBlock {
  type: 'bash_code_execution_tool_result';
  tool_use_id: string;
  content: BashCodeExecutionResultBlock | BashCodeExecutionToolResultError | UnknownObject;
}

export interface TextEditorCodeExecutionToolResultBlock {
  type: 'text_editor_code_execution_tool_result';
  tool_use_id: string;
  content:
    | TextEditorCodeExecutionViewResultBlock
    | TextEditorCodeExecutionCreateResultBlock
    | TextEditorCodeExecutionStrReplaceResultBlock
    | TextEditorCodeExecutionToolResultError
    | UnknownObject;
}

export interface ToolSearchToolResultBlock {
  type: 'tool_search_tool_result';
  tool_use_id: string;
  content: ToolSearchToolSearchResultBlock | ToolSearchToolResultError | UnknownObject;
}

/** A file that the model put into the container. */
export interface ContainerUploadBlock {
  type: 'container_upload';
  file_id: string;
}

export type UnknownBlock = UnknownObject;
