import { AnthropicError, asAnthropicError } from '../errors.js';
import { toRelayedBody } from '../relayed-error.js';
import { encodeEvent } from '../sse/encode.js';
import type { ErrorBody } from '../wire/errors.js';

/**
 * What the client is told of a failure.
 * - an error: that one, with its own text;
 * - a string: the text to send in place of the error's own;
 * - undefined: the default.
 */
export type ErrorMapper = (error: AnthropicError) => AnthropicError | string | undefined;

/** Headers that keep proxies from holding an event stream back. */
const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
};

/** Server-sent events as a response. */
export function sseResponse(body: ReadableStream<Uint8Array>, init: ResponseInit = {}): Response {
  const headers = new Headers(HEADERS);
  new Headers(init.headers).forEach((value, name) => {
    headers.set(name, value);
  });
  return new Response(body, { ...init, headers });
}

/**
 * Events as server-sent events in bytes. A failure becomes an `error` event: a broken stream must not
 * look like a short one at the other end. Pulls; a cancel leaves the events.
 */
export function sseStream<T>(
  events: AsyncIterator<T, undefined>,
  encode: (event: T) => string,
  mapError?: ErrorMapper,
): ReadableStream<Uint8Array> {
  const utf8 = new TextEncoder();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await events.next();
          if (done) controller.close();
          else controller.enqueue(utf8.encode(encode(value)));
        } catch (error) {
          const body = errorBody(asAnthropicError(error), mapError);
          const text = encodeEvent({ event: 'error', data: JSON.stringify(body) });
          controller.enqueue(utf8.encode(text));
          controller.close();
        }
      },
      async cancel() {
        await events.return?.();
      },
    },
    { highWaterMark: 0 },
  );
}

/** By default client-side failures get a fixed text: theirs can contain addresses and secrets. */
function errorBody(error: AnthropicError, mapError?: ErrorMapper): ErrorBody {
  let mapped: ReturnType<ErrorMapper>;
  try {
    mapped = mapError?.(error);
  } catch {
    // The client must learn of the failure in any case.
  }
  if (mapped instanceof AnthropicError) return toRelayedBody(mapped, false);
  if (typeof mapped !== 'string') return toRelayedBody(error, true);
  const body = toRelayedBody(error, true);
  const { type } = body.error;
  return { ...body, error: { type, message: mapped } };
}
