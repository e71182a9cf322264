import type {
  LanguageModelV4CallOptions,
  LanguageModelV4Citation,
  LanguageModelV4Source,
  SharedV4ProviderMetadata,
} from '@ai-sdk/provider';
import { asText } from '../../json/as-text.js';
import { anthropicOf } from './names.js';

/** A citation of the API, of any kind. */
export interface Citation {
  type: string;
  cited_text?: string;
  document_index?: number;
  document_title?: string | null;
  file_id?: string | null;
  title?: string | null;
  url?: string;
  source?: string;
  [field: string]: unknown;
}

/** A document that can be cited, by its place in the request. */
export interface CitedDocument {
  title: string;
  mediaType: string;
  filename?: string | undefined;
}

/** The documents of a prompt that the model may cite. */
export function citedDocuments(prompt: LanguageModelV4CallOptions['prompt']): CitedDocument[] {
  return prompt.flatMap((message) => {
    if (message.role !== 'user') return [];
    return message.content.flatMap((part): CitedDocument[] => {
      if (part.type !== 'file') return [];
      const { citations } = anthropicOf(part.providerOptions);
      if ((citations as { enabled?: unknown })?.enabled !== true) return [];
      const { filename, mediaType } = part;
      return [{ title: filename ?? 'Untitled Document', filename, mediaType }];
    });
  });
}

/** What a citation of a text cites. */
export function toCitation(
  citation: Citation,
  documents: readonly CitedDocument[],
): LanguageModelV4Citation {
  const { url = citation.source, cited_text, document_index = 0 } = citation;
  const providerMetadata = { anthropic: { ...citation } } as unknown as SharedV4ProviderMetadata;
  const cited = cited_text === undefined ? {} : { citedText: cited_text };
  if (url !== undefined) {
    const title = citation.title ? { title: citation.title } : {};
    const source = { type: 'source', sourceType: 'url', id: url, url, ...title } as const;
    return { source: { ...source, providerMetadata }, ...cited };
  }
  const document = documents[document_index];
  return {
    source: {
      type: 'source',
      sourceType: 'document',
      id: citation.file_id ?? asText(document_index),
      mediaType: document?.mediaType ?? 'text/plain',
      title: citation.document_title ?? document?.title ?? `Document ${document_index}`,
      ...(document?.filename !== undefined && { filename: document.filename }),
      providerMetadata,
    },
    ...cited,
  };
}

/** The fields of a citation that say where in its source, under the names of the AI SDK. */
const PLACES: Readonly<Record<string, readonly [name: string, field: string][]>> = {
  web_search_result_location: [['encryptedIndex', 'encrypted_index']],
  page_location: [
    ['startPageNumber', 'start_page_number'],
    ['endPageNumber', 'end_page_number'],
  ],
  char_location: [
    ['startCharIndex', 'start_char_index'],
    ['endCharIndex', 'end_char_index'],
  ],
};

/** The source part of a citation; undefined for a kind that has none. */
export function sourceOf(
  citation: Citation,
  documents: readonly CitedDocument[],
  id: string,
): LanguageModelV4Source | undefined {
  const places = PLACES[citation.type];
  if (places === undefined) return undefined;
  const fields = places.map(([name, field]) => [name, citation[field]]);
  const metadata = { citedText: citation.cited_text, ...Object.fromEntries(fields) };
  const providerMetadata = { anthropic: metadata } as SharedV4ProviderMetadata;
  const { url, title, document_index = -1 } = citation;
  if (url !== undefined) {
    const titled = title ? { title } : {};
    return { type: 'source', sourceType: 'url', id, url, ...titled, providerMetadata };
  }
  const document = documents[document_index];
  if (document === undefined) return undefined;
  return {
    type: 'source',
    sourceType: 'document',
    id,
    mediaType: document.mediaType,
    title: citation.document_title ?? document.title,
    ...(document.filename !== undefined && { filename: document.filename }),
    providerMetadata,
  };
}
