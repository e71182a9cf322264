import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readFileBlock } from '../../../src/cli/request/file-block.js';

const folder = mkdtempSync(join(tmpdir(), 'millrace-'));

function file(name: string, bytes: string | Uint8Array): string {
  writeFileSync(join(folder, name), bytes);
  return join(folder, name);
}

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');

it.each([
  ['a.bin', 'image/png', '\x89PNG\r\n\x1a\n'],
  ['b', 'image/jpeg', '\xff\xd8\xff\xe0'],
  ['c.png', 'image/gif', 'GIF89a'],
  ['d.webp', 'image/webp', 'RIFF\n\0\0\0WEBP'],
])('sends the image %s as %s', async (name, media_type, start) => {
  const bytes = latin1(start);
  const source = { type: 'base64', media_type, data: bytes.toString('base64') };
  expect(await readFileBlock(file(name, bytes))).toEqual({ type: 'image', source });
});

it('sends a PDF as a document', async () => {
  const source = { type: 'base64', media_type: 'application/pdf', data: 'JVBERi0xLjc=' };
  const block = { type: 'document', source, title: 'a.pdf' };
  expect(await readFileBlock(file('a.pdf', '%PDF-1.7'))).toEqual(block);
});

it('sends any other text as a document', async () => {
  const source = { type: 'text', media_type: 'text/plain', data: 'int é;\n' };
  const block = { type: 'document', source, title: 'a.c' };
  expect(await readFileBlock(file('a.c', 'int é;\n'))).toEqual(block);
});

it.each([
  ['none', undefined, 'ENOENT'],
  ['empty.txt', '', 'the file is empty'],
  ['a.zip', latin1('PK\x03\x04\xff'), 'give a PNG, JPEG, GIF, WebP or PDF file, or text in UTF-8'],
  ['a.o', 'ELF\0', 'give a PNG, JPEG, GIF, WebP or PDF file, or text in UTF-8'],
])('rejects the file %s', async (name, bytes, said) => {
  const path = bytes === undefined ? join(folder, name) : file(name, bytes);
  await expect(readFileBlock(path)).rejects.toThrow(`--file ${path}: `);
  await expect(readFileBlock(path)).rejects.toThrow(said);
});
