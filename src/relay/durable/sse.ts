import { SSE_HEADERS } from '../../stream/sse-response.js';
import type { HeldLog } from '../log-source.js';
import type { Replica } from '../replica.js';
import { KEEP_ALIVE, KEEP_ALIVE_MS, utf8 } from '../sse-log.js';
import { change } from './change.js';
import { nextCursor } from './cursor.js';
import { PROTOCOL_HEADERS } from './headers.js';
import { type Chunk, chunkFrom } from './messages.js';

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
  return new Response(body, { headers: { ...SSE_HEADERS, ...PROTOCOL_HEADERS } });
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
  while (!signal.aborted) {
    const chunk = chunkFrom(replica, index);
    index = chunk.next;
    if (chunk.messages.length > 0 || isFirst || chunk.isClosed) yield encode(chunk, cursor);
    isFirst = false;
    const left = deadline - performance.now();
    if (chunk.isClosed || replica.failure !== undefined || left <= 0) return;
    if (index < replica.entries.length) continue;
    await change(replica, signal, Math.min(left, KEEP_ALIVE_MS));
    if (index >= replica.entries.length) yield KEEP_ALIVE;
  }
}

function encode(
  { messages, nextOffset, isUpToDate, isClosed }: Chunk,
  sent: string | null,
): string {
  const control = {
    streamNextOffset: nextOffset,
    ...(isClosed ? { streamClosed: true } : { streamCursor: nextCursor(sent) }),
    ...(isUpToDate ? { upToDate: true } : {}),
  };
  const lines = messages.map((message, index) => {
    const comma = index < messages.length - 1 ? ',' : '';
    return `data: ${message}${comma}\n`;
  });
  const data = messages.length === 0 ? '' : `event: data\ndata: [\n${lines.join('')}data: ]\n\n`;
  return `${data}event: control\ndata: ${JSON.stringify(control)}\n\n`;
}
