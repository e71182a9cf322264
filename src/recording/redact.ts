import { concat } from '../sse/concat.js';
import type { RecordedChunk, Recording } from './format.js';
import { redactBytes } from './redact-bytes.js';

/** Headers that identify or authenticate the sender. They are left out. */
const SECRET_HEADERS =
  /token|secret|api-?key|^(?:proxy-)?authorization$|^(?:set-)?cookie$|^anthropic-(?:organization|workspace|user-profile)-id$/i;

const RATE_LIMITS = /^anthropic-ratelimit-/i;

const isSecretHeader = (name: string): boolean =>
  SECRET_HEADERS.test(name) && !RATE_LIMITS.test(name);

/** A shorter value is no secret: `1` or `true`, the value of a header named `x-max-tokens`. */
const MIN_LENGTH = 8;

/** The values that authenticate a request. */
export function getSecrets(headers: Readonly<Record<string, string>>): string[] {
  return Object.entries(headers)
    .filter(([name]) => isSecretHeader(name))
    .flatMap(([, value]) => [value, value.replace(/^bearer /i, '')])
    .flatMap((value) => [value, decodeUtf8(value)])
    .filter((value) => value.length >= MIN_LENGTH);
}

/** A header that was sent in UTF-8 arrives with a character for each byte. */
function decodeUtf8(value: string): string {
  return new TextDecoder().decode(Uint8Array.from(value, (byte) => byte.charCodeAt(0)));
}

/**
 * A recording without secret headers, and without keys and secrets in the strings of the rest. All keeps its length, so
 * chunks stay cut at the same places.
 */
export function redact(recording: Recording, secrets: readonly string[]): Recording {
  const { request, response, chunks } = recording;
  const blank = (text: string): string => blankText(text, secrets);
  return {
    ...recording,
    request: mapStrings({ ...request, headers: omitSecretHeaders(request.headers) }, blank),
    response:
      response && mapStrings({ ...response, headers: omitSecretHeaders(response.headers) }, blank),
    chunks: redactChunks(chunks, secrets),
  };
}

/** One line of a recording in the same way. A secret that spans chunks is not found. */
export function redactLine(line: object, secrets: readonly string[]): object {
  const { request, response } = line as Partial<Recording>;
  const omit = <T extends { headers: Readonly<Record<string, string>> }>(part: T): T => ({
    ...part,
    headers: omitSecretHeaders(part.headers),
  });
  const open = {
    ...line,
    ...(request && { request: omit(request) }),
    ...(response && { response: omit(response) }),
  };
  return mapStrings(open, (text) => blankText(text, secrets));
}

export function omitSecretHeaders(
  headers: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !isSecretHeader(name)));
}

/** API keys, anywhere in a text. */
const KEY = /sk-ant-[\w-]+/g;

const toBlank = (secret: string): string => '*'.repeat(secret.length);

export function blankText(text: string, secrets: readonly string[]): string {
  const cleared = secrets.reduce((rest, secret) => rest.replaceAll(secret, toBlank), text);
  return cleared.replace(KEY, toBlank);
}

/** The names of fields are strings of the sender too. */
function mapStrings<T>(value: T, change: (text: string) => string): T {
  const map = (one: unknown): unknown => {
    if (typeof one === 'string') return change(one);
    if (Array.isArray(one)) return one.map(map);
    if (typeof one !== 'object' || one === null) return one;
    return Object.fromEntries(
      Object.entries(one).map(([name, field]) => [change(name), map(field)]),
    );
  };
  return map(value) as T;
}

/** A secret can span chunks. */
export function redactChunks(
  chunks: readonly RecordedChunk[],
  secrets: readonly string[],
): RecordedChunk[] {
  const length = chunks.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const body = concat(
    chunks.map(({ bytes }) => bytes),
    length,
  );
  redactBytes(body, secrets, blankText);
  let at = 0;
  return chunks.map((chunk) => {
    const bytes = body.subarray(at, at + chunk.bytes.length);
    at += chunk.bytes.length;
    return { at: chunk.at, bytes };
  });
}
