import {
  decodeChunk,
  type EncodedChunk,
  encodeChunk,
  isChunk,
  type RecordedRequest,
  type RecordedResponse,
} from './format.js';
import { blankText, getSecrets, omitSecretHeaders, redactChunks, redactLine } from './redact.js';

interface Line {
  readonly request?: RecordedRequest;
  readonly response?: RecordedResponse;
}

/**
 * The text of a recording without secret headers, and with asterisks in place of the keys and secrets in the rest:
 * an exchange, also one that isn't over, events as JSON lines, or the bytes of an event stream.
 */
export function redactRecording(text: string): string {
  if (!/^\s*\{\s*"request"\s*:/.test(text)) return blankText(text, []);
  const lines = text.split('\n').map(parse);
  const secrets = lines.flatMap((line) => getSecrets(lineHeaders(line)));
  const isClean = secrets.length === 0 && !text.includes('sk-ant-') && !lines.some(hasSecretHeader);
  if (isClean) return text;
  const chunks = redactChunks(lines.filter((line) => isChunkLine(line)).map(decodeChunk), secrets);
  let next = 0;
  return lines
    .map((line) => {
      if (typeof line === 'string') return blankText(line, secrets);
      if (isChunkLine(line))
        return JSON.stringify(encodeChunk(chunks[next++] as (typeof chunks)[0]));
      return JSON.stringify(redactLine(line, secrets));
    })
    .join('\n');
}

/** A line as JSON; one that is none, such as the last of a file that grows, as it is. */
function parse(line: string): Line | string {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? value : line;
  } catch {
    return line;
  }
}

const isChunkLine = (line: Line | string): line is Line & EncodedChunk =>
  typeof line !== 'string' && isChunk(line);

function lineHeaders(line: Line | string): Readonly<Record<string, string>> {
  return (typeof line === 'string' ? undefined : (line.request ?? line.response))?.headers ?? {};
}

function hasSecretHeader(line: Line | string): boolean {
  const headers = lineHeaders(line);
  return Object.keys(omitSecretHeaders(headers)).length < Object.keys(headers).length;
}
