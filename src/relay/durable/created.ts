import { fromBase64, strictText, toBase64 } from '../../sse/bytes-as-text.js';
import type { Entry } from '../engine.js';
import { isEnd } from '../engine.js';
import type { Claim } from '../payloads.js';
import type { Replica } from '../replica.js';
import type { Created, Write } from './payloads.js';

/** Undefined for a stream that a relay produces. */
export function createdOf({ claim }: Replica): Created | undefined {
  return claim?.created;
}

export function isJson({ contentType }: Pick<Created, 'contentType'>): boolean {
  return mediaType(contentType) === 'application/json';
}

/** Without parameters, in lower case. */
export function mediaType(contentType: string): string {
  return (contentType.split(';', 1)[0] ?? '').trim().toLowerCase();
}

/** The write in an entry of a created stream; undefined for its end, and for a claim without content. */
export function writeIn(entry: Entry): Write | undefined {
  if (isEnd(entry)) return undefined;
  if (entry.epoch === 1) return (JSON.parse(entry.payload) as Claim).write;
  return JSON.parse(entry.payload) as Write;
}

/** What a body is written as. @throws SyntaxError for JSON that is none. */
export function encodeBody(created: Created, body: Uint8Array): Omit<Write, 'by'> {
  const text = strictText(body);
  if (isJson(created)) {
    const value: unknown = JSON.parse(text ?? '');
    // One level of lists is a batch.
    return { json: Array.isArray(value) ? value : [value] };
  }
  return text === undefined ? { base64: toBase64(body) } : { text };
}

/** The bytes of a write that is not JSON. */
export function bytesOf({ text, base64 }: Write): Uint8Array {
  if (base64 === undefined) return new TextEncoder().encode(text);
  return fromBase64(base64);
}
