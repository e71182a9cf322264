import { AnthropicError } from '../errors.js';
import { assertResponse, toBytes } from './fetch-contract.js';
import { closeAfterGrace } from './finish.js';
import type { Inspection } from './inspect/inspection.js';
import { onAbort, unlessAborted } from './on-abort.js';
import { NO_BODY, type ResponseBody, type Transport, type TransportResponse } from './port.js';
import { ReadAhead } from './read-ahead.js';
import { hiddenRedirectError } from './redirect-error.js';

/** The part of `fetch` that a client needs. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** The transport for runtimes other than Node. */
export function defaultTransport(..._: unknown[]): Transport {
  return fetchTransport((url, init) => globalThis.fetch(url, init));
}

/** Files are Node's: elsewhere nothing is recorded. */
export function inspectInto(..._: unknown[]): Inspection | undefined {
  return undefined;
}

/** Options that only Node's own transport has. */
type NodeOptions = Readonly<Partial<Record<'proxy' | 'agent' | 'http2' | 'tls', unknown>>>;

/** @throws AnthropicError for what a `fetch` can't be told. */
export function proxyFor(options: NodeOptions, ..._: unknown[]): undefined {
  for (const name of ['proxy', 'agent', 'http2', 'tls'] as const) {
    if (options[name] === undefined) continue;
    throw new AnthropicError(
      `${name} works on Node only, without fetch: a fetch makes the connections of its platform`,
    );
  }
}

/** A transport over any `fetch`. */
export function fetchTransport(fetch: Fetch): Transport {
  const transport: Transport = ({ method, url, headers, body }, signal) => {
    const request = new AbortController();
    onAbort(signal, () => request.abort(signal.reason));
    // A copy: a custom `fetch` may change them, and other requests have the same ones.
    const own = { ...headers };
    const init: RequestInit = { method, headers: own, signal: request.signal, redirect: 'manual' };
    if (body !== undefined) init.body = body;
    const respond = async (): Promise<TransportResponse> => {
      const response = assertResponse(await fetch(url, init));
      if (response.type === 'opaqueredirect') throw hiddenRedirectError();
      return fromResponse(response, request);
    };
    // A custom `fetch` may ignore its signal, and an end must not wait for it.
    return unlessAborted(respond(), signal);
  };
  transport.isFetch = true;
  return transport;
}

/**
 * A `Response` as a transport returns it.
 * @param request the one that it answers, where it can be aborted.
 * @param isMade whether the caller's code made it, and not the platform's `fetch`.
 */
export function fromResponse(
  response: Response,
  request?: AbortController,
  isMade: boolean = response.type === 'default',
): TransportResponse {
  return {
    head: {
      status: response.status,
      statusText: response.statusText,
      header: (name) => response.headers.get(name),
      headers: () => new Headers(response.headers),
      fields: () => [...response.headers],
    },
    body: bodyOf(response.body, isMade, request),
  };
}

function bodyOf(
  stream: ReadableStream<Uint8Array> | null | undefined,
  isMade: boolean,
  request?: AbortController,
): ResponseBody {
  if (stream === null || stream === undefined) return NO_BODY;
  const mayCancelReads = !(isMade && isByteStream(stream));
  const reader = stream.getReader();
  let paused = false;
  let started = false;
  let isReading = false;
  let isLeft = false;
  const ahead = new ReadAhead({
    pause: () => {
      paused = true;
    },
    resume: () => {
      paused = false;
      pull();
    },
  });
  // No async function: one that waits for the next chunk would keep the last one in memory.
  const pull = (): void => {
    if (paused) return;
    isReading = true;
    reader.read().then(take, fail);
  };
  const fail = (error: unknown): void => ahead.fail(error);
  const take = ({ done, value }: ReadableStreamReadResult<Uint8Array>): void => {
    isReading = false;
    if (isLeft) cancel();
    if (done) {
      ahead.end();
      return;
    }
    try {
      const chunk = toBytes(value);
      // First, where there is room: a reader that comes back finds the next chunk, and has no wait.
      const isAhead = ahead.hasRoomAfter(chunk);
      if (isAhead) pull();
      ahead.push(chunk);
      if (!isAhead && !isLeft) pull();
    } catch (error) {
      ahead.fail(error);
    }
  };
  const cancel = (): void => {
    isLeft = true;
    // A stream that has failed can't be cancelled; its reader has the failure already.
    if (!isReading || mayCancelReads) reader.cancel().catch(() => {});
    // Firefox closes the connection of a silent response for nothing else.
    request?.abort();
  };
  onAbort(request?.signal, () => {
    ahead.fail(request?.signal.reason);
    cancel();
  });
  const start = (): void => {
    started = true;
    pull();
  };
  // In the turn of the head: what was not asked for, Bun and Chromium drop when a reset follows.
  if (request !== undefined) start();
  return {
    read: (wake) => {
      if (!started) start();
      return ahead.read(wake);
    },
    cancel: (reason) => {
      ahead.fail(reason);
      cancel();
    },
    finish: () => {
      if (ahead.closed) return;
      const keep = closeAfterGrace(cancel);
      ahead.discard();
      void reader.closed.then(keep, keep);
    },
  };
}

/**
 * Node makes a byte stream of `new Response(nodeStream)`. One that is cancelled while a read is pending
 * throws at its end, where no code can catch it (undici), and would not be closed before the next chunk
 * either way.
 */
function isByteStream(stream: ReadableStream<Uint8Array>): boolean {
  try {
    stream.getReader({ mode: 'byob' }).releaseLock();
    return true;
  } catch {
    return false;
  }
}
