import { checkOptions, must, type OptionCheck } from '../check-options.js';
import { AnthropicError } from '../errors.js';
import { markHandled } from '../pull/mark-handled.js';
import { thrownText } from '../thrown.js';
import { EXPOSE_OPTIONS, type ExposeOptions } from './expose-options.js';

/**
 * What the client learns about a failure.
 * - an error: that one, with its own text;
 * - a string: the text to send in place of the error's own;
 * - undefined: the default.
 */
export type ErrorMapper = (error: AnthropicError) => AnthropicError | string | undefined;

/** What happens when the client that reads the response disconnects. */
export type OnDisconnect = 'close' | 'continue';

/** Options of `toResponse()` and `pipeTo()`: those of a Response, and what is passed on. */
export interface ToResponseOptions extends ResponseInit {
  /** What the client learns about a failure. Default: API errors as received, a fixed text for others. */
  error?: ErrorMapper | undefined;
  /**
   * `close`: the client was a reader; without another one, the request ends. `continue`: the rest is read,
   * for `getFinalMessage()` or a client that comes back. Default `close`.
   */
  onDisconnect?: OnDisconnect | undefined;
  /** What is passed on besides text. Default: everything. */
  expose?: ExposeOptions | undefined;
}

const anOnDisconnect: OptionCheck = must(
  (value) => value === 'close' || value === 'continue',
  "pass 'close' or 'continue'",
);

/** @throws AnthropicError for an unknown or invalid option: `expose` would hide nothing. */
export function checkServeOptions({
  expose = {},
  onDisconnect,
}: Pick<ToResponseOptions, 'expose' | 'onDisconnect'>): void {
  checkOptions(expose, EXPOSE_OPTIONS);
  if (onDisconnect !== undefined) anOnDisconnect(onDisconnect, 'onDisconnect');
}

/** Server-sent events as texts. A failure is the last one. */
export type Texts = AsyncIterator<string, undefined>;

/** What texts are made from, and what becomes of it when the client disconnects. */
export interface TextsOptions {
  /** Loads the code that writes: pages don't make responses. */
  load: () => Promise<Texts>;
  events: AsyncIterator<unknown>;
  /** Reads the rest, for `onDisconnect: 'continue'`. */
  finish?: (() => Promise<unknown>) | undefined;
}

/** Texts by code that is loaded with the first demand. */
export function lazyTexts({ load, events, finish }: TextsOptions): Texts {
  let texts: Texts | undefined;
  return {
    async next() {
      try {
        texts ??= await load();
      } catch (cause) {
        const why = `the code for writing events did not load: ${thrownText(cause)}`;
        throw new AnthropicError(why, { cause });
      }
      return texts.next();
    },
    async return() {
      // First: once it is read elsewhere, it stays open.
      if (finish !== undefined) markHandled(finish());
      await events.return?.();
      return { done: true, value: undefined };
    },
  };
}

/** Headers that keep proxies from holding an event stream back. */
export const SSE_HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
};

/** The headers of an event stream, with those of the caller over them. */
export function sseHeaders(own?: ResponseInit['headers']): Headers {
  const headers = new Headers(SSE_HEADERS);
  new Headers(own).forEach((value, name) => {
    headers.set(name, value);
  });
  return headers;
}

/** Server-sent events as a response. */
export function sseResponse(texts: Texts, init: ResponseInit = {}): Response {
  return new Response(sseStream(texts), { ...init, headers: sseHeaders(init.headers) });
}

/** Texts in bytes, on demand. A cancel leaves the texts. */
export function sseStream(texts: Texts): ReadableStream<Uint8Array> {
  const utf8 = new TextEncoder();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await texts.next();
        if (done) controller.close();
        else controller.enqueue(utf8.encode(value));
      },
      async cancel() {
        await texts.return?.();
      },
    },
    { highWaterMark: 0 },
  );
}
