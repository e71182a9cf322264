import { toBase64 } from '../../sse/bytes-as-text.js';
import { concat } from '../../sse/concat.js';
import { SSE_HEADERS } from '../../stream/sse-response.js';
import type { HeldLog } from '../log-source.js';
import type { Replica } from '../replica.js';
import { KEEP_ALIVE, KEEP_ALIVE_MS, utf8 } from '../sse-log.js';
import { change } from './change.js';
import { createdOf, isJson, mediaType } from './created.js';
import { nextCursor } from './cursor.js';
import { PROTOCOL_HEADERS } from './headers.js';
import { type Chunk, chunkFrom, isEmpty, sizeOf } from './messages.js';

/** How long a connection lasts, in milliseconds: a new one lets caches collapse requests. */
const CONNECTION_MS = 60_000;

/** The messages as server-sent events: `data` with a list of them, then `control` with the next offset. */
export function durableSse(
  request: Request,
  log: HeldLog,
  from: number,
  cursor: string | null,
): Response {
  const left = new AbortController();
  request.signal.addEventListener('abort', () => left.abort(), { once: true });
  const pieces = piecesOf(log.replica, from, cursor, left.signal);
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await pieces.next();
        if (!done) return controller.enqueue(utf8().encode(value));
        log.release();
        controller.close();
      },
      cancel() {
        left.abort();
        log.release();
      },
    },
    { highWaterMark: 0 },
  );
  const headers = { ...SSE_HEADERS, ...PROTOCOL_HEADERS, 'content-type': 'text/event-stream' };
  const isBinary = formatOf(log.replica) === FORMATS.base64;
  return new Response(body, {
    headers: isBinary ? { ...headers, 'stream-sse-data-encoding': 'base64' } : headers,
  });
}

async function* piecesOf(
  replica: Replica,
  from: number,
  cursor: string | null,
  signal: AbortSignal,
): AsyncGenerator<string, void, undefined> {
  const deadline = performance.now() + CONNECTION_MS;
  let index = from;
  let isFirst = true;
  const format = formatOf(replica);
  while (!signal.aborted) {
    const chunk = chunkFrom(replica, index);
    index = chunk.next;
    if (!isEmpty(chunk) || isFirst || chunk.isClosed) yield encode(chunk, format(chunk), cursor);
    isFirst = false;
    const left = deadline - performance.now();
    if (chunk.isClosed || replica.failure !== undefined || left <= 0) return;
    if (index < replica.entries.length) continue;
    await change(replica, signal, Math.min(left, KEEP_ALIVE_MS));
    if (index >= replica.entries.length) yield KEEP_ALIVE;
  }
}

function encode(chunk: Chunk, lines: readonly string[], sent: string | null): string {
  const { nextOffset, isUpToDate, isClosed } = chunk;
  const control = {
    streamNextOffset: nextOffset,
    ...(isClosed ? { streamClosed: true } : { streamCursor: nextCursor(sent) }),
    ...(isUpToDate ? { upToDate: true } : {}),
  };
  const data = isEmpty(chunk) ? '' : `event: data\n${lines.map(toLine).join('')}\n`;
  return `${data}event: control\n${toLine(JSON.stringify(control))}\n`;
}

/** A decoder removes the first space of a line. */
function toLine(line: string): string {
  return line.startsWith(' ') ? `data: ${line}\n` : `data:${line}\n`;
}

type Format = (chunk: Chunk) => string[];

/** The lines of a data event, by what the stream contains. */
const FORMATS: Readonly<Record<'json' | 'text' | 'base64', Format>> = {
  json: ({ messages }) => [
    '[',
    ...messages.map((message, index) => (index < messages.length - 1 ? `${message},` : message)),
    ']',
  ],
  text: ({ pieces }) => new TextDecoder().decode(whole(pieces)).split(/\r\n|\r|\n/),
  base64: ({ pieces }) => [toBase64(whole(pieces))],
};

function formatOf(replica: Replica): Format {
  const created = createdOf(replica);
  if (created === undefined || isJson(created)) return FORMATS.json;
  return mediaType(created.contentType).startsWith('text/') ? FORMATS.text : FORMATS.base64;
}

function whole(pieces: readonly Uint8Array[]): Uint8Array {
  return concat(pieces, sizeOf(pieces));
}
