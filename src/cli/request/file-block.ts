import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { ContentBlockParam } from '../../index.js';
import { UsageError } from '../usage-error.js';

/**
 * A file as a content block. Its first bytes tell the type: images and PDFs are sent as they are, any
 * other text as a document.
 * @param option what names the file, for the error.
 * @throws UsageError (rejects) if it can't be read or has another type.
 */
export async function readFileBlock(file: string, option = '--file'): Promise<ContentBlockParam> {
  const bytes = await readFile(file).catch((error: Error) => {
    throw new UsageError(`${option} ${file}: ${error.message}`);
  });
  if (bytes.length === 0) throw new UsageError(`${option} ${file}: the file is empty`);
  // One character per byte, for the expressions below.
  const start = bytes.toString('latin1', 0, 12);
  const media = MEDIA.find(({ signature }) => signature.test(start));
  return (
    media?.toBlock(bytes.toString('base64'), basename(file)) ?? toTextBlock(bytes, file, option)
  );
}

const toImageBlock =
  (media_type: string) =>
  (data: string): ContentBlockParam => ({
    type: 'image',
    source: { type: 'base64', media_type, data },
  });

const toPdfBlock = (data: string, title: string): ContentBlockParam => ({
  type: 'document',
  source: { type: 'base64', media_type: 'application/pdf', data },
  title,
});

const MEDIA: readonly {
  signature: RegExp;
  toBlock: (base64: string, title: string) => ContentBlockParam;
}[] = [
  { signature: /^\x89PNG/, toBlock: toImageBlock('image/png') },
  { signature: /^\xff\xd8\xff/, toBlock: toImageBlock('image/jpeg') },
  { signature: /^GIF8[79]a/, toBlock: toImageBlock('image/gif') },
  { signature: /^RIFF.{4}WEBP/s, toBlock: toImageBlock('image/webp') },
  { signature: /^%PDF-/, toBlock: toPdfBlock },
];

function toTextBlock(bytes: Uint8Array, file: string, option: string): ContentBlockParam {
  const data = decodeUtf8(bytes);
  if (data === undefined || data.includes('\0')) {
    throw new UsageError(
      `${option} ${file}: give a PNG, JPEG, GIF, WebP or PDF file, or text in UTF-8`,
    );
  }
  return {
    type: 'document',
    source: { type: 'text', media_type: 'text/plain', data },
    title: basename(file),
  };
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
