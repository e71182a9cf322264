import type { TextCitation } from './citations.js';
import type { UnknownObject } from './open.js';

/** What a `content_block_delta` adds to its block. */
export type ContentBlockDelta =
  | TextDelta
  | ThinkingDelta
  | InputJSONDelta
  | CitationsDelta
  | SignatureDelta
  | UnknownDelta;

/** Appended to `text`. */
export interface TextDelta {
  type: 'text_delta';
  text: string;
}

/** Appended to `thinking`. */
export interface ThinkingDelta {
  type: 'thinking_delta';
  thinking: string;
}

/** Appended to the raw JSON of a tool's `input`. A fragment may end anywhere, even in an escape. */
export interface InputJSONDelta {
  type: 'input_json_delta';
  partial_json: string;
}

/** Appended to `citations`. */
export interface CitationsDelta {
  type: 'citations_delta';
  citation: TextCitation;
}

/** Replaces `signature`. */
export interface SignatureDelta {
  type: 'signature_delta';
  signature: string;
}

export type UnknownDelta = UnknownObject;
