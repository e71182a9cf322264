import { AnthropicError } from '../errors.js';
import { thrownText } from '../thrown.js';

/** Makes the next piece of a body. */
export type Pull = (controller: ReadableStreamDefaultController<Uint8Array>) => Promise<void>;

/** Headers that keep proxies from holding an event stream back. */
export const SSE_HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
};

/** Server-sent events as a response. */
export function sseResponse(body: ReadableStream<Uint8Array>, init: ResponseInit = {}): Response {
  const headers = new Headers(SSE_HEADERS);
  new Headers(init.headers).forEach((value, name) => {
    headers.set(name, value);
  });
  return new Response(body, { ...init, headers });
}

/**
 * A body that is made on demand, by code that is loaded with the first demand: pages don't make responses.
 * A cancel leaves the events.
 */
export function sseStream(
  load: () => Promise<Pull>,
  events: AsyncIterator<unknown>,
): ReadableStream<Uint8Array> {
  let pull: Pull = async (controller) => {
    try {
      pull = await load();
    } catch (cause) {
      const why = `the code for writing events did not load: ${thrownText(cause)}`;
      throw new AnthropicError(why, { cause });
    }
    return pull(controller);
  };
  return new ReadableStream<Uint8Array>(
    {
      pull: (controller) => pull(controller),
      async cancel() {
        await events.return?.();
      },
    },
    { highWaterMark: 0 },
  );
}
