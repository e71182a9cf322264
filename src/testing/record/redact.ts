import type { RecordedChunk, Recording } from './recording.js';

/** Headers that identify or authenticate the sender. They are left out. */
const SECRET_HEADERS =
  /^(authorization|proxy-authorization|x-api-key|cookie|set-cookie|anthropic-(organization|workspace|user-profile)-id|.*(token|secret|api-?key).*)$/i;

const RATE_LIMITS = /^anthropic-ratelimit-/i;

/** API keys, anywhere in a text. */
const KEY = /sk-ant-[\w-]+/g;

/** The values that authenticate a request. */
export function getSecrets(headers: Readonly<Record<string, string>>): string[] {
  return Object.entries(headers)
    .filter(([name]) => SECRET_HEADERS.test(name) && !RATE_LIMITS.test(name))
    .flatMap(([, value]) => [value, value.replace(/^bearer /i, '')])
    .filter((value) => value !== '');
}

/** A recording without secret headers, and without keys and secrets in the rest. */
export function redact(recording: Recording, secrets: readonly string[]): Recording {
  const clean = <T>(value: T): T => JSON.parse(cleanText(JSON.stringify(value), secrets)) as T;
  const { request, response } = recording;
  return {
    ...recording,
    request: clean({ ...request, headers: omitSecretHeaders(request.headers) }),
    response: clean({ ...response, headers: omitSecretHeaders(response.headers) }),
    chunks: cleanChunks(recording.chunks, secrets),
  };
}

function omitSecretHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(
      ([name]) => !SECRET_HEADERS.test(name) || RATE_LIMITS.test(name),
    ),
  );
}

/** Keeps the length, so that chunks stay cut at the same places. */
function cleanText(text: string, secrets: readonly string[]): string {
  const blank = (secret: string): string => '*'.repeat(secret.length);
  const cleared = secrets.reduce((rest, secret) => rest.replaceAll(secret, blank), text);
  return cleared.replace(KEY, blank);
}

/** A secret can span chunks. */
function cleanChunks(
  chunks: readonly RecordedChunk[],
  secrets: readonly string[],
): RecordedChunk[] {
  const bytes = chunks.flatMap((chunk) => [...chunk.bytes]);
  // One character per byte, so positions match; secrets are ASCII.
  const text = cleanText(bytes.map((byte) => String.fromCharCode(byte)).join(''), secrets);
  let at = 0;
  return chunks.map((chunk) => {
    const piece = text.slice(at, at + chunk.bytes.length);
    at += chunk.bytes.length;
    return { at: chunk.at, bytes: Uint8Array.from(piece, (byte) => byte.charCodeAt(0)) };
  });
}
