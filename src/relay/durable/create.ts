import { NotFoundError } from '../../errors.js';
import type { HandleContext } from '../handle-context.js';
import type { Claim, End } from '../payloads.js';
import type { Replica } from '../replica.js';
import { randomTag } from '../wire-id.js';
import { bodyOf } from './body.js';
import { createdOf, encodeBody, mediaType } from './created.js';
import { offsetAt } from './offset.js';
import { lifetimeMs, openNow } from './open-created.js';
import type { Created, Write } from './payloads.js';
import { conflict, reply } from './reply.js';
import { bad, lifetimeIn, writeHeaders } from './write-headers.js';

const FORKS = ['stream-forked-from', 'stream-fork-offset', 'stream-fork-sub-offset'];

/** Creates a stream, which may have content at once, and may be closed. One that is the same is left as it is. */
export async function durableCreate(request: Request, context: HandleContext): Promise<Response> {
  if (FORKS.some((name) => request.headers.has(name))) {
    return reply(501, {}, 'api_error', 'streams can not be forked here');
  }
  const { closes, contentType } = writeHeaders(request);
  const created: Created = { contentType: typeOf(contentType), ...lifetimeIn(request.headers) };
  const body = await bodyOf(request, context.settings.maxBytes);
  const { engine } = context.settings;
  const write = body.length === 0 ? undefined : firstWrite(created, body);
  const claim = JSON.stringify({ tag: randomTag(), created, write } satisfies Claim);
  const end: End | undefined = closes ? { state: 'complete', by: randomTag() } : undefined;
  for (;;) {
    const outcome = await engine.append(context.id, { epoch: 1, seq: 0 }, [claim], {
      ttl: lifetimeMs(context, created),
      end: end && JSON.stringify(end),
    });
    const log = await openNow(context).catch((error) => {
      // It has expired between the two: then it can be created.
      if (!(error instanceof NotFoundError)) throw error;
    });
    if (log === undefined) continue;
    try {
      const { replica } = log;
      if (outcome === 'ok') return answer(201, replica, created, { location: request.url });
      if (!isSame(createdOf(replica), created) || closes !== (replica.end !== undefined)) {
        return conflict('there is a stream here, created in another way');
      }
      return answer(200, replica, created);
    } finally {
      log.release();
    }
  }
}

function typeOf(contentType: string | null): string {
  return /^[\w.+-]+\/[\w.+-]+/.test(contentType ?? '')
    ? (contentType as string)
    : 'application/octet-stream';
}

function firstWrite(created: Created, body: Uint8Array): Write {
  try {
    return { ...encodeBody(created, body), by: randomTag() };
  } catch {
    throw bad('the body is no JSON');
  }
}

function isSame(one: Created | undefined, other: Created): boolean {
  if (one === undefined || mediaType(one.contentType) !== mediaType(other.contentType))
    return false;
  return one.ttl === other.ttl && one.expiresAt === other.expiresAt;
}

function answer(
  status: number,
  replica: Replica,
  { contentType }: Created,
  headers: Record<string, string> = {},
): Response {
  return reply(status, {
    'content-type': contentType,
    'stream-next-offset': offsetAt(replica, replica.entries.length),
    ...(replica.end === undefined ? {} : { 'stream-closed': 'true' }),
    ...headers,
  });
}
