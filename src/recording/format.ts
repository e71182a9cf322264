/*
 * A recorded exchange: a file of JSON lines. The first line is the request, then there is one for the head of
 * the response, one for each chunk of the body, and one for how it ended:
 *
 *   {"request":{"method":"POST","path":"/v1/messages","headers":{…},"body":{…}}}
 *   {"response":{"status":200,"headers":{…}}}
 *   {"at":412,"text":"event: message_start\ndata: …\n\n"}
 *   {"at":430,"base64":"8J+M"}
 *   {"at":2310,"end":"complete"}
 *
 * `at` is in milliseconds since the request. A chunk that isn't valid UTF-8 by itself is `base64`. `end` is
 * `complete`, `broken` if the connection failed, `left` if the client left. A connection that failed before its
 * response has no `response`.
 *
 * Lines with other fields are notes (notes.ts): a reader skips those that it doesn't know.
 */

import { fromBase64, strictText, toBase64 } from '../sse/bytes-as-text.js';

export interface Recording {
  readonly request: RecordedRequest;
  /** Undefined where the connection failed before. */
  readonly response: RecordedResponse | undefined;
  readonly chunks: readonly RecordedChunk[];
  readonly end: RecordedEnd;
}

export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The JSON of the body, or its text if it isn't JSON. */
  readonly body: unknown;
}

export interface RecordedResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

export interface RecordedChunk {
  readonly at: number;
  readonly bytes: Uint8Array;
}

export interface RecordedEnd {
  readonly at: number;
  readonly end: 'complete' | 'broken' | 'left';
}

export function encodeRecording({ request, response, chunks, end }: Recording): string {
  const head = response === undefined ? [{ request }] : [{ request }, { response }];
  return [...head, ...chunks.map(encodeChunk), end].map(encodeLine).join('');
}

export function encodeLine(line: object): string {
  return `${JSON.stringify(line)}\n`;
}

type Line = Partial<Pick<Recording, 'request'> & { response: RecordedResponse } & RecordedEnd> & {
  at?: number;
};

/**
 * @param lines of a file, each parsed. Notes are skipped.
 * @throws Error if they don't have this format.
 */
export function decodeRecording(lines: readonly unknown[]): Recording {
  const known = lines as readonly Line[];
  const request = known[0]?.request;
  const response = known.find((line) => line.response !== undefined)?.response;
  const end = known.find((line) => line.end !== undefined) as RecordedEnd | undefined;
  if (request === undefined || end === undefined || (!response && end.end === 'complete')) {
    throw new Error('it has no response, or no end: record it again');
  }
  const chunks = known.filter(isChunk).map(decodeChunk);
  return { request, response, chunks, end: { at: end.at, end: end.end } };
}

/** A line with a chunk. */
export type EncodedChunk = { at: number } & ({ text: string } | { base64: string });

export function isChunk(line: object): line is EncodedChunk {
  return 'at' in line && ('text' in line || 'base64' in line);
}

export function encodeChunk({ at, bytes }: RecordedChunk): EncodedChunk {
  const text = strictText(bytes);
  return text === undefined ? { at, base64: toBase64(bytes) } : { at, text };
}

export function decodeChunk(chunk: EncodedChunk): RecordedChunk {
  const { at } = chunk;
  if ('text' in chunk) return { at, bytes: new TextEncoder().encode(chunk.text) };
  return { at, bytes: fromBase64(chunk.base64) };
}
