import { SSE_HEADERS } from '../stream/sse-response.js';
import { createdOf } from './durable/created.js';
import { durableRead } from './durable/read.js';
import { isEnd } from './engine.js';
import type { HandleContext } from './handle-context.js';
import { type HttpFollower, httpFollower, indexAfterId } from './http-follower.js';
import { isEvent } from './payloads.js';
import type { Replica } from './replica.js';

/** Responses whose followers can be read without a web stream; see `writeResponse`. */
export const followers: WeakMap<Response, HttpFollower> = /* @__PURE__ */ new WeakMap();

/** A stream as the API sends it, with an id on each event, from after `Last-Event-ID` on. */
export async function nativeResponse(request: Request, context: HandleContext): Promise<Response> {
  const { settings, open } = context;
  const log = await open();
  const { replica, release } = log;
  if (createdOf(replica) !== undefined) {
    release();
    // It has no other form than that of the protocol.
    return durableRead(request, context);
  }
  const after = request.headers.get('last-event-id') || undefined;
  let from: number;
  try {
    from = indexAfterId(replica, after);
  } catch (error) {
    release();
    throw error;
  }
  if (replica.end !== undefined && after !== undefined && !isAnythingShown(replica, from)) {
    release();
    // This ends an EventSource, which would connect again otherwise.
    return new Response(null, { status: 204 });
  }
  const follower = httpFollower(log, { from, rotate: settings.rotate, client: context.client });
  request.signal.addEventListener('abort', follower.leave, { once: true });
  // The others say how much the key of the server may use.
  const requestId = replica.headers.filter(([name]) => name === 'request-id');
  const headers = { ...SSE_HEADERS, ...Object.fromEntries(requestId) };
  const response = new Response(bodyOf(follower), { headers });
  followers.set(response, follower);
  return response;
}

function bodyOf({ follow, leave }: HttpFollower): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const follower = follow();
        for (;;) {
          const bytes = follower.take();
          if (bytes !== undefined) controller.enqueue(bytes);
          if (follower.isDone) controller.close();
          if (bytes !== undefined || follower.isDone) return;
          await new Promise<void>((resolve) => follower.wait(resolve));
        }
      },
      cancel: leave,
    },
    { highWaterMark: 0 },
  );
}

/** Whether a follower gets anything from an index on. */
function isAnythingShown({ entries, end }: Replica, from: number): boolean {
  return entries
    .slice(from)
    .some((entry) => (isEnd(entry) ? end?.error !== undefined : isEvent(entry)));
}
