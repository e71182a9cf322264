import { SSE_HEADERS } from '../stream/sse-response.js';
import { traceFollow } from '../trace/relay-trace.js';
import { createdOf } from './durable/created.js';
import { durableRead } from './durable/read.js';
import { errorOf, leftError } from './ends.js';
import { indexAfter, isEnd } from './engine.js';
import type { HandleContext } from './handle-context.js';
import { isEvent } from './payloads.js';
import type { Replica } from './replica.js';
import { SseFollower } from './sse-follower.js';
import { SseLog } from './sse-log.js';
import { fromWireId, unknownIdError } from './wire-id.js';

/** Responses whose followers can be read without a web stream; see `writeResponse`. */
export const followers: WeakMap<Response, () => SseFollower> = /* @__PURE__ */ new WeakMap();

/** A stream as the API sends it, with an id on each event, from after `Last-Event-ID` on. */
export async function nativeResponse(request: Request, context: HandleContext): Promise<Response> {
  const { settings, open } = context;
  const { replica, release } = await open();
  if (createdOf(replica) !== undefined) {
    release();
    // It has no other form than that of the protocol.
    return durableRead(request, context);
  }
  const lastId = request.headers.get('last-event-id') ?? '';
  const after = lastId === '' ? undefined : fromWireId(replica.claim?.tag ?? '', lastId);
  if (lastId !== '' && after === undefined) {
    release();
    throw unknownIdError();
  }
  const from = after === undefined ? 0 : indexAfter(replica.entries, after);
  if (replica.end !== undefined && after !== undefined && !isAnythingShown(replica, from)) {
    release();
    // This ends an EventSource, which would connect again otherwise.
    return new Response(null, { status: 204 });
  }
  const trace = traceFollow(context.client);
  const left = (isOver: boolean): void => {
    release();
    const error = isOver ? (replica.failure ?? (replica.end && errorOf(replica.end))) : leftError();
    trace?.end(replica.producers, error);
  };
  let follower: SseFollower | undefined;
  const follow = (): SseFollower => {
    trace?.begin();
    follower ??= new SseFollower(SseLog.of(replica), { from, rotate: settings.rotate, left });
    return follower;
  };
  request.signal.addEventListener('abort', () => (follower ?? { leave: release }).leave(), {
    once: true,
  });
  // The others say how much the key of the server may use.
  const requestId = replica.headers.filter(([name]) => name === 'request-id');
  const headers = { ...SSE_HEADERS, ...Object.fromEntries(requestId) };
  const response = new Response(bodyOf(follow), { headers });
  followers.set(response, follow);
  return response;
}

function bodyOf(follow: () => SseFollower): ReadableStream<Uint8Array> {
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
      cancel() {
        follow().leave();
      },
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
