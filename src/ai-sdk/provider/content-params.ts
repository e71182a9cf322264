import type {
  LanguageModelV4FilePart,
  LanguageModelV4ToolResultOutput,
  SharedV4Warning,
} from '@ai-sdk/provider';
import { AnthropicError } from '../../errors.js';
import { isRecord } from '../../json/is-record.js';
import { fromBase64, toBase64 } from '../../sse/bytes-as-text.js';
import { anthropicOf, cacheControl } from './names.js';

/** A file of a prompt as an image or a document. @throws AnthropicError for a type that the API doesn't take. */
export function fileBlock(part: LanguageModelV4FilePart, message?: unknown): object {
  const { data, mediaType, filename, providerOptions } = part;
  const { title = filename, context, citations, containerUpload } = anthropicOf(providerOptions);
  const cached = cacheControl(providerOptions, message);
  const source = sourceOf(part);
  if (source.type === 'file' && containerUpload === true) {
    return { type: 'container_upload', file_id: source.file_id };
  }
  if (mediaType.startsWith('image')) return { type: 'image', source, ...cached };
  const isDocument =
    data.type === 'reference' ||
    data.type === 'text' ||
    mediaType === 'text/plain' ||
    mediaType === 'application/pdf';
  if (!isDocument) {
    throw new AnthropicError(
      `a file of type ${mediaType} can't be sent: images, PDFs and text files can`,
    );
  }
  if (source.type === 'file') return { type: 'document', source, ...cached };
  return {
    type: 'document',
    source,
    ...(title === undefined ? {} : { title }),
    ...(context === undefined ? {} : { context }),
    ...((citations as { enabled?: unknown })?.enabled === true && { citations: { enabled: true } }),
    ...cached,
  };
}

/** The content of a tool's result. */
export function resultContent(
  output: LanguageModelV4ToolResultOutput,
  warnings: SharedV4Warning[],
): string | object[] {
  if (output.type === 'text' || output.type === 'error-text') return output.value;
  if (output.type === 'execution-denied') return output.reason ?? 'The user denied this call.';
  if (output.type !== 'content') return JSON.stringify(output.value) ?? '';
  return output.value.flatMap((part): object[] => {
    if (part.type === 'text') return [{ type: 'text', text: part.text }];
    if (part.type === 'file') return [fileBlock(part as LanguageModelV4FilePart)];
    const { type, toolName } = anthropicOf(part.providerOptions);
    if (type === 'tool-reference') return [{ type: 'tool_reference', tool_name: toolName }];
    warnings.push({
      type: 'other',
      message: `a tool result can't contain a part of type ${part.type}`,
    });
    return [];
  });
}

interface Source {
  type: string;
  [field: string]: unknown;
}

function sourceOf({ data, mediaType }: LanguageModelV4FilePart): Source {
  if (data.type === 'url') return { type: 'url', url: String(data.url) };
  if (data.type === 'text') return { type: 'text', media_type: 'text/plain', data: data.text };
  if (data.type === 'reference') return { type: 'file', file_id: fileId(data.reference) };
  if (mediaType === 'text/plain') {
    const bytes = typeof data.data === 'string' ? fromBase64(data.data) : data.data;
    return { type: 'text', media_type: mediaType, data: new TextDecoder().decode(bytes) };
  }
  const base64 = typeof data.data === 'string' ? data.data : toBase64(data.data);
  const media_type = mediaType.startsWith('image') ? imageType(mediaType, base64) : mediaType;
  return { type: 'base64', media_type, data: base64 };
}

function fileId(reference: unknown): unknown {
  const id = isRecord(reference) ? reference.anthropic : undefined;
  if (id === undefined) {
    throw new AnthropicError(
      "a file reference needs Anthropic's id: write { anthropic: 'file_…' }",
    );
  }
  return id;
}

/** By the first bytes, where a type says no more than that it is an image. */
const MAGIC: readonly [start: string, type: string][] = [
  ['/9j/', 'image/jpeg'],
  ['R0lGOD', 'image/gif'],
  ['UklGR', 'image/webp'],
];

function imageType(mediaType: string, base64: string): string {
  if (mediaType !== 'image' && mediaType !== 'image/*') return mediaType;
  return MAGIC.find(([magic]) => base64.startsWith(magic))?.[1] ?? 'image/png';
}
