import type { UnknownObject } from './open.js';
import type { ToParam } from './to-param.js';

/** Where a piece of text comes from. */
export type TextCitation =
  | CitationCharLocation
  | CitationPageLocation
  | CitationContentBlockLocation
  | CitationsWebSearchResultLocation
  | CitationsSearchResultLocation
  | UnknownCitation;

/** A citation as it is sent back: as it came. */
export type TextCitationParam = ToParam<TextCitation>;

interface DocumentLocation {
  cited_text: string;
  /** The document's place among all documents of the request, from 0. */
  document_index: number;
  document_title: string | null;
  file_id?: string | null;
}

/** A range of a plain text document. */
export interface CitationCharLocation extends DocumentLocation {
  type: 'char_location';
  /** From 0. */
  start_char_index: number;
  /** Exclusive. */
  end_char_index: number;
}

/** Pages of a PDF. */
export interface CitationPageLocation extends DocumentLocation {
  type: 'page_location';
  /** From 1. */
  start_page_number: number;
  /** Exclusive. */
  end_page_number: number;
}

/** Blocks of a document that was given as content blocks. */
export interface CitationContentBlockLocation extends DocumentLocation {
  type: 'content_block_location';
  /** From 0. */
  start_block_index: number;
  /** Exclusive. */
  end_block_index: number;
}

export interface CitationsWebSearchResultLocation {
  type: 'web_search_result_location';
  cited_text: string;
  url: string;
  title: string | null;
  /** Opaque; the API needs it back as it is. */
  encrypted_index: string;
}

/** Blocks of a `search_result` block. */
export interface CitationsSearchResultLocation {
  type: 'search_result_location';
  cited_text: string;
  source: string;
  title: string | null;
  /** The result's place among all search results of the request, from 0. */
  search_result_index: number;
  /** From 0. */
  start_block_index: number;
  /** Exclusive. */
  end_block_index: number;
}

export type UnknownCitation = UnknownObject;
