import type { OpenString, UnknownObject } from './open.js';

/** What the `content` of the server tools' result blocks is made of; the blocks are in blocks.ts. */
interface ToolResultError<Type extends string, Code extends string = never> {
  type: Type;
  error_code: OpenString<'invalid_tool_input' | 'unavailable' | 'too_many_requests' | Code>;
}

export interface WebSearchResultBlock {
  type: 'web_search_result';
  url: string;
  title: string;
  /** Opaque; the API needs it back as it is. */
  encrypted_content: string;
  /** In words, such as `3 days ago`; null where unknown. */
  page_age?: string | null;
}

export type WebSearchToolResultError = ToolResultError<
  'web_search_tool_result_error',
  'max_uses_exceeded' | 'query_too_long' | 'request_too_large'
>;

export interface WebFetchBlock {
  type: 'web_fetch_result';
  url: string;
  /** ISO 8601; null where unknown. */
  retrieved_at?: string | null;
  content: DocumentBlock;
}

/** A fetched page or PDF. */
export interface DocumentBlock {
  type: 'document';
  source: Base64PDFSource | PlainTextSource | UnknownObject;
  title?: string | null;
  citations?: { enabled: boolean } | null;
}

export interface Base64PDFSource {
  type: 'base64';
  media_type: 'application/pdf';
  /** Base64. */
  data: string;
}

export interface PlainTextSource {
  type: 'text';
  media_type: 'text/plain';
  data: string;
}

export type WebFetchToolResultErrorBlock = ToolResultError<
  'web_fetch_tool_result_error',
  | 'url_too_long'
  | 'url_not_allowed'
  | 'url_not_in_prior_context'
  | 'url_not_accessible'
  | 'unsupported_content_type'
  | 'max_uses_exceeded'
  | 'content_too_large'
>;

interface ExecutionResult<Type extends string, OutputType extends string> {
  type: Type;
  stdout: string;
  stderr: string;
  return_code: number;
  /** Undocumented; recorded as null, with `web_fetch_20260209`. */
  abort_reason?: string | null;
  /** Files that the code wrote. */
  content: { type: OutputType; file_id: string }[];
}

export type CodeExecutionResultBlock = ExecutionResult<
  'code_execution_result',
  'code_execution_output'
>;

/** The result of code that called tools: its output is for the model only. */
export interface EncryptedCodeExecutionResultBlock
  extends Omit<
    ExecutionResult<'encrypted_code_execution_result', 'code_execution_output'>,
    'stdout'
  > {
  encrypted_stdout: string;
}

export type CodeExecutionToolResultError = ToolResultError<
  'code_execution_tool_result_error',
  'execution_time_exceeded'
>;

export type BashCodeExecutionResultBlock = ExecutionResult<
  'bash_code_execution_result',
  'bash_code_execution_output'
>;

export type BashCodeExecutionToolResultError = ToolResultError<
  'bash_code_execution_tool_result_error',
  'execution_time_exceeded' | 'output_file_too_large'
>;

export interface TextEditorCodeExecutionViewResultBlock {
  type: 'text_editor_code_execution_view_result';
  content: string;
  file_type: OpenString<'text' | 'image' | 'pdf'>;
  num_lines?: number | null;
  start_line?: number | null;
  total_lines?: number | null;
}

export interface TextEditorCodeExecutionCreateResultBlock {
  type: 'text_editor_code_execution_create_result';
  /** False for a new file. */
  is_file_update: boolean;
}

/** A diff hunk: which lines became which. */
export interface TextEditorCodeExecutionStrReplaceResultBlock {
  type: 'text_editor_code_execution_str_replace_result';
  lines?: string[] | null;
  old_start?: number | null;
  old_lines?: number | null;
  new_start?: number | null;
  new_lines?: number | null;
}

export interface TextEditorCodeExecutionToolResultError
  extends ToolResultError<
    'text_editor_code_execution_tool_result_error',
    'execution_time_exceeded' | 'file_not_found'
  > {
  error_message?: string | null;
}

export interface ToolSearchToolSearchResultBlock {
  type: 'tool_search_tool_search_result';
  tool_references: ToolReferenceBlock[];
}

/** A tool that the search found: from now on the model can call it. */
export interface ToolReferenceBlock {
  type: 'tool_reference';
  tool_name: string;
}

export interface ToolSearchToolResultError
  extends ToolResultError<'tool_search_tool_result_error', 'execution_time_exceeded'> {
  error_message?: string | null;
}
