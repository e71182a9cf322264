import { concat } from '../../sse/concat.js';
import { END } from '../engine.js';
import { errorResponse } from '../error-response.js';
import type { HandleContext } from '../handle-context.js';
import type { HeldLog } from '../log-source.js';
import type { Replica } from '../replica.js';
import { change } from './change.js';
import { createdOf, isJson } from './created.js';
import { nextCursor } from './cursor.js';
import { PROTOCOL_HEADERS } from './headers.js';
import { type Chunk, chunkFrom, isEmpty, sizeOf } from './messages.js';
import { indexOfOffset, offsetAt } from './offset.js';
import { lifetimeMs, openNow } from './open-created.js';
import { durableSse } from './sse.js';

/** How long a long-poll waits for the next message, in milliseconds. */
const LONG_POLL_MS = 20_000;

function headersOf(replica: Replica): Record<string, string> {
  const { contentType = 'application/json' } = createdOf(replica) ?? {};
  return { 'content-type': contentType, ...PROTOCOL_HEADERS };
}

/** Whether a request is one of the Durable Streams protocol. */
export function isDurableRead(request: Request): boolean {
  if (request.method === 'HEAD') return true;
  const { searchParams } = new URL(request.url);
  return searchParams.has('offset') || searchParams.has('live');
}

/**
 * The read side of the Durable Streams protocol 1.0: each event is a JSON message. Catch-up, long-poll, SSE, and
 * HEAD for where the stream ends.
 */
export async function durableRead(request: Request, context: HandleContext): Promise<Response> {
  const log = await openNow(context);
  const { replica } = log;
  if (request.method === 'HEAD') {
    log.release();
    return head(replica);
  }
  await keep(context, replica);
  const query = new URL(request.url).searchParams;
  const live = query.get('live');
  const offsets = query.getAll('offset');
  const from = offsets.length > 1 ? undefined : indexOfOffset(replica, offsets[0] ?? '-1');
  const problem = problemOf(live, offsets, from);
  if (problem !== undefined || from === undefined) {
    log.release();
    return errorResponse(400, 'invalid_request_error', problem ?? 'offset is none of this stream');
  }
  if (live === 'sse') return durableSse(request, log, from, query.get('cursor'));
  try {
    if (live === 'long-poll') return await longPoll(request, log, from, query.get('cursor'));
    return catchUp(request, replica, from, offsets[0] === 'now');
  } finally {
    log.release();
  }
}

function problemOf(
  live: string | null,
  offsets: readonly string[],
  from: number | undefined,
): string | undefined {
  if (live !== null && live !== 'long-poll' && live !== 'sse') {
    return `live is ${JSON.stringify(live)}: write long-poll or sse`;
  }
  if (live !== null && offsets.length === 0) return 'live needs an offset: write offset=-1';
  if (offsets.length > 1) return 'there are several offsets: write one';
  return from === undefined ? 'offset is none of this stream: write -1 for its start' : undefined;
}

function head(replica: Replica): Response {
  const { ttl, expiresAt } = createdOf(replica) ?? {};
  const headers = {
    ...headersOf(replica),
    ...(ttl === undefined ? {} : { 'stream-ttl': String(ttl) }),
    ...(expiresAt === undefined ? {} : { 'stream-expires-at': expiresAt }),
    'cache-control': 'no-store',
    'stream-next-offset': offsetAt(replica, replica.entries.length),
    ...(replica.end === undefined ? {} : { 'stream-closed': 'true' }),
  };
  return new Response(null, { headers });
}

function catchUp(request: Request, replica: Replica, from: number, isNow: boolean): Response {
  const chunk = chunkFrom(replica, from);
  const etag = `"${offsetAt(replica, from)}:${chunk.nextOffset}${chunk.isClosed ? ':c' : ''}"`;
  const headers = {
    ...toHeaders(replica, chunk),
    etag,
    // Streams belong to those who may read them; what is complete never changes.
    'cache-control': chunk.isUpToDate || isNow ? 'no-store' : 'private, max-age=60',
  };
  if (!isNow && request.headers.get('if-none-match') === etag) {
    return new Response(null, { status: 304, headers });
  }
  return new Response(contentOf(replica, chunk), { headers });
}

/** A read keeps a created stream, as a write does. */
async function keep(context: HandleContext, replica: Replica): Promise<void> {
  const created = createdOf(replica);
  if (created === undefined) return;
  await context.settings.engine.beat(context.id, END.epoch, 0, lifetimeMs(context, created));
}

async function longPoll(
  request: Request,
  { replica }: HeldLog,
  from: number,
  cursor: string | null,
): Promise<Response> {
  const deadline = performance.now() + LONG_POLL_MS;
  for (;;) {
    const chunk = chunkFrom(replica, from);
    const headers = {
      ...toHeaders(replica, chunk),
      'cache-control': 'no-store',
      'stream-cursor': nextCursor(cursor),
    };
    if (!isEmpty(chunk)) return new Response(contentOf(replica, chunk), { headers });
    const left = deadline - performance.now();
    const isOver = chunk.isClosed || replica.failure !== undefined || request.signal.aborted;
    if (isOver || left <= 0) return new Response(null, { status: 204, headers });
    await change(replica, request.signal, left);
  }
}

function toHeaders(
  replica: Replica,
  { nextOffset, isUpToDate, isClosed }: Chunk,
): Record<string, string> {
  return {
    ...headersOf(replica),
    'stream-next-offset': nextOffset,
    ...(isUpToDate ? { 'stream-up-to-date': 'true' } : {}),
    ...(isClosed ? { 'stream-closed': 'true' } : {}),
  };
}

function contentOf(
  replica: Replica,
  { messages, pieces }: Chunk,
): string | Uint8Array<ArrayBuffer> {
  const created = createdOf(replica);
  if (created === undefined || isJson(created)) return `[${messages.join(',')}]`;
  return concat(pieces, sizeOf(pieces));
}
