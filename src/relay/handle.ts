import { APIStatusError, asAnthropicError } from '../errors.js';
import { toRelayedBody } from '../stream/to-relayed-body.js';
import { durableCreate } from './durable/create.js';
import { createdOf } from './durable/created.js';
import { PROTOCOL_HEADERS } from './durable/headers.js';
import { openNow } from './durable/open-created.js';
import { durableRead, isDurableRead } from './durable/read.js';
import { durableWrite } from './durable/write.js';
import { errorResponse, jsonResponse } from './error-response.js';
import type { HandleContext } from './handle-context.js';
import { nativeResponse } from './native-response.js';

type Handler = (request: Request, context: HandleContext) => Promise<Response>;

/** Answers a request for a stream. Failures are error bodies as the API has them. */
export async function handleRequest(request: Request, context: HandleContext): Promise<Response> {
  try {
    const handlers = context.settings.writable ? WRITABLE : READABLE;
    const handler = handlers[request.method];
    if (handler === undefined) {
      return errorResponse(405, 'invalid_request_error', `${request.method} is not possible here`, {
        allow: Object.keys(handlers).join(', '),
      });
    }
    return await handler(request, context);
  } catch (thrown) {
    const error = asAnthropicError(thrown);
    const status = error instanceof APIStatusError ? (error.status ?? 500) : 503;
    const body = toRelayedBody(error, !(error instanceof APIStatusError));
    return jsonResponse(status, body, { ...PROTOCOL_HEADERS });
  }
}

const READABLE: Readonly<Record<string, Handler>> = {
  GET: (request, context) =>
    isDurableRead(request) ? durableRead(request, context) : nativeResponse(request, context),
  HEAD: durableRead,
  DELETE: stop,
};

const WRITABLE: Readonly<Record<string, Handler>> = {
  ...READABLE,
  PUT: durableCreate,
  POST: durableWrite,
  DELETE: async (request, context) => {
    const { replica, release } = await openNow(context);
    release();
    if (createdOf(replica) === undefined) return stop(request, context);
    await context.settings.engine.remove(context.id);
    return new Response(null, { status: 204, headers: PROTOCOL_HEADERS });
  },
  OPTIONS: async () => new Response(null, { status: 204, headers: PREFLIGHT }),
};

async function stop(_: Request, { id, stop }: HandleContext): Promise<Response> {
  if (await stop()) return new Response(null, { status: 204 });
  return errorResponse(404, 'not_found_error', `there is no open stream ${JSON.stringify(id)}`);
}

/** Which origins may send it is your server's decision. */
const PREFLIGHT: Readonly<Record<string, string>> = {
  'access-control-allow-methods': 'GET, HEAD, PUT, POST, DELETE, OPTIONS',
  'access-control-allow-headers':
    'authorization, content-type, if-none-match, last-event-id, producer-epoch, producer-id, producer-seq, ' +
    'stream-closed, stream-expires-at, stream-seq, stream-ttl',
};
