import { APIStatusError, asAnthropicError } from '../errors.js';
import { toRelayedBody } from '../stream/to-relayed-body.js';
import { durableRead, isDurableRead } from './durable/read.js';
import { errorResponse, jsonResponse } from './error-response.js';
import type { HandleContext } from './handle-context.js';
import { nativeResponse } from './native-response.js';

type Handler = (request: Request, context: HandleContext) => Promise<Response>;

/** Answers a request for a stream. Failures are error bodies as the API has them. */
export async function handleRequest(request: Request, context: HandleContext): Promise<Response> {
  try {
    const handler = HANDLERS[request.method];
    if (handler === undefined) {
      return errorResponse(405, 'invalid_request_error', `${request.method} is not possible here`, {
        allow: Object.keys(HANDLERS).join(', '),
      });
    }
    return await handler(request, context);
  } catch (thrown) {
    const error = asAnthropicError(thrown);
    const status = error instanceof APIStatusError ? (error.status ?? 500) : 503;
    return jsonResponse(status, toRelayedBody(error, !(error instanceof APIStatusError)));
  }
}

const HANDLERS: Readonly<Record<string, Handler>> = {
  GET: (request, context) =>
    isDurableRead(request) ? durableRead(request, context) : nativeResponse(request, context),
  HEAD: durableRead,
  DELETE: async (_, { id, stop }) =>
    (await stop())
      ? new Response(null, { status: 204 })
      : errorResponse(404, 'not_found_error', `there is no open stream ${JSON.stringify(id)}`),
};
