import type { RecordedChunk, Recording } from './recording.js';

/** Headers that say who somebody is. They are left out. */
const SECRET_HEADERS =
  /^(authorization|proxy-authorization|x-api-key|cookie|set-cookie|anthropic-(organization|workspace|user-profile)-id|.*(token|secret|api-?key).*)$/i;

const RATE_LIMITS = /^anthropic-ratelimit-/i;

/** Keys of the API, wherever they stand. */
const KEY = /sk-ant-[\w-]+/g;

/** The values that a request proves itself with. */
export function secretsOf(headers: Readonly<Record<string, string>>): string[] {
  return Object.entries(headers)
    .filter(([name]) => SECRET_HEADERS.test(name) && !RATE_LIMITS.test(name))
    .flatMap(([, value]) => [value, value.replace(/^bearer /i, '')])
    .filter((value) => value !== '');
}

/** A recording without headers that are secret, and without keys and secrets in what is left. */
export function redacted(recording: Recording, secrets: readonly string[]): Recording {
  const clean = <T>(value: T): T => JSON.parse(cleanText(JSON.stringify(value), secrets)) as T;
  const { request, response } = recording;
  return {
    ...recording,
    request: clean({ ...request, headers: openHeaders(request.headers) }),
    response: clean({ ...response, headers: openHeaders(response.headers) }),
    chunks: cleanChunks(recording.chunks, secrets),
  };
}

function openHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(
      ([name]) => !SECRET_HEADERS.test(name) || RATE_LIMITS.test(name),
    ),
  );
}

/** As long as it was: what is cut into chunks stays cut at the same places. */
function cleanText(text: string, secrets: readonly string[]): string {
  const blank = (secret: string): string => '*'.repeat(secret.length);
  const cleared = secrets.reduce((rest, secret) => rest.replaceAll(secret, blank), text);
  return cleared.replace(KEY, blank);
}

/** A secret may lie across two chunks. */
function cleanChunks(
  chunks: readonly RecordedChunk[],
  secrets: readonly string[],
): RecordedChunk[] {
  const bytes = chunks.flatMap((chunk) => [...chunk.bytes]);
  // A character a byte: positions are those of the bytes, and secrets are ASCII.
  const text = cleanText(bytes.map((byte) => String.fromCharCode(byte)).join(''), secrets);
  let at = 0;
  return chunks.map((chunk) => {
    const piece = text.slice(at, at + chunk.bytes.length);
    at += chunk.bytes.length;
    return { at: chunk.at, bytes: Uint8Array.from(piece, (byte) => byte.charCodeAt(0)) };
  });
}
