import { toErrorBody } from '../error-body.js';
import { asAnthropicError } from '../errors.js';
import { encodeEvent } from '../sse/encode.js';

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
 * Events as server-sent events in bytes. A failure becomes an `error` event: whoever reads on the far
 * side must not take a broken stream for a short one. Pulls; a cancel leaves the events.
 */
export function sseStream<T>(
  events: AsyncIterator<T, undefined>,
  encode: (event: T) => string,
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
          controller.enqueue(utf8.encode(encodeError(error)));
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

function encodeError(error: unknown): string {
  return encodeEvent({
    event: 'error',
    data: JSON.stringify(toErrorBody(asAnthropicError(error))),
  });
}
