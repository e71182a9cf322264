import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { ContentBlockParam } from '../../index.js';
import { UsageError } from '../usage-error.js';

/**
 * A file as a content block: what it is, is told by its first bytes. Images and PDFs are sent as they
 * are, any other text as a document.
 * @throws UsageError (rejects) when it cannot be read, or is none of these.
 */
export async function fileBlock(file: string): Promise<ContentBlockParam> {
  const bytes = await readFile(file).catch((error: Error) => {
    throw new UsageError(`--file ${file}: ${error.message}`);
  });
  if (bytes.length === 0) throw new UsageError(`--file ${file}: it is empty`);
  // One character a byte, so that an expression can look at bytes.
  const start = bytes.toString('latin1', 0, 12);
  const media = MEDIA.find(({ signature }) => signature.test(start));
  return media?.block(bytes.toString('base64'), basename(file)) ?? textBlock(bytes, file);
}

const image =
  (media_type: string) =>
  (data: string): ContentBlockParam => ({
    type: 'image',
    source: { type: 'base64', media_type, data },
  });

const pdf = (data: string, title: string): ContentBlockParam => ({
  type: 'document',
  source: { type: 'base64', media_type: 'application/pdf', data },
  title,
});

const MEDIA: readonly {
  signature: RegExp;
  block: (base64: string, title: string) => ContentBlockParam;
}[] = [
  { signature: /^\x89PNG/, block: image('image/png') },
  { signature: /^\xff\xd8\xff/, block: image('image/jpeg') },
  { signature: /^GIF8[79]a/, block: image('image/gif') },
  { signature: /^RIFF.{4}WEBP/s, block: image('image/webp') },
  { signature: /^%PDF-/, block: pdf },
];

function textBlock(bytes: Uint8Array, file: string): ContentBlockParam {
  const data = utf8(bytes);
  if (data === undefined || data.includes('\0')) {
    throw new UsageError(`--file ${file}: give a PNG, JPEG, GIF, WebP, PDF or a text in UTF-8`);
  }
  return {
    type: 'document',
    source: { type: 'text', media_type: 'text/plain', data },
    title: basename(file),
  };
}

function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
