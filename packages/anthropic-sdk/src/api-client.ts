import { type Answer, APIPromise, copyResponse } from './core/api-promise.js';
import { buildRequest, isStreamBody, type PathRequest } from './core/build-request.js';
import { convertError } from './core/convert-error.js';
import {
  AnthropicError,
  APIConnectionError,
  APIConnectionTimeoutError,
  APIError,
  APIUserAbortError,
} from './core/error.js';
import { eventsOf } from './core/streaming.js';
import type { ClientState } from './core-options.js';
import type { Fetch } from './options.js';

/** A request that is no message: method, path and how its body is read. */
export interface PlainRequest extends PathRequest {
  /** The response itself: the content of a file. */
  isBinary?: boolean | undefined;
}

/** Sends a request that is no message, with the client's retries, and reads what it gives. */
export function sendPlain<T>(
  client: ClientState,
  request: PlainRequest | PromiseLike<PlainRequest>,
): APIPromise<T> {
  return new APIPromise<T>(answerOf<T>(client, request), ({ response }) =>
    copyResponse(response, response.body),
  );
}

async function answerOf<T>(
  client: ClientState,
  given: PlainRequest | PromiseLike<PlainRequest>,
): Promise<Answer<T>> {
  const request = await given;
  const controller = new AbortController();
  const response = await withRetries(client, request, controller);
  const requestId = response.headers.get('request-id');
  // What may be large is not read twice.
  const isWhole = !request.stream && !request.isBinary;
  try {
    const data = await readBody<T>(isWhole ? response.clone() : response, request, controller);
    return { data, response, requestId };
  } catch (error) {
    throw error instanceof SyntaxError ? error : toConnectionError(error, request, controller);
  }
}

async function readBody<T>(
  response: Response,
  { stream, isBinary, signal }: PlainRequest,
  controller: AbortController,
): Promise<T> {
  if (stream) return eventsOf(response, controller, signal) as T;
  if (isBinary) return response as T;
  if (response.status === 204) return null as T;
  const type = response.headers.get('content-type') ?? '';
  return (/[/+]json\b/.test(type) ? await response.json() : await response.text()) as T;
}

async function withRetries(
  client: ClientState,
  request: PlainRequest,
  controller: AbortController,
): Promise<Response> {
  const retries = isStreamBody(request.body) ? 0 : (request.maxRetries ?? client.maxRetries);
  for (let attempt = 0; ; attempt++) {
    let failure: unknown;
    try {
      const response = await sendOnce(client, request, controller);
      if (response.ok) return response;
      failure = await statusError(response);
    } catch (error) {
      failure = toConnectionError(error, request, controller);
    }
    if (attempt >= retries || !isRetryable(failure)) throw failure;
    await wait(delay(failure, attempt), request.signal);
  }
}

async function sendOnce(
  client: ClientState,
  request: PlainRequest,
  controller: AbortController,
): Promise<Response> {
  request.signal?.throwIfAborted();
  const { req, url, timeout } = await buildRequest(client, request);
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(TIMED_OUT), timeout);
  const signals = [controller.signal, late.signal, req.signal].filter((each) => each != null);
  try {
    const send = (client._options.fetch ?? globalThis.fetch) as Fetch;
    return await send(url, { ...req, signal: AbortSignal.any(signals) });
  } finally {
    clearTimeout(timer);
  }
}

const TIMED_OUT = new Error('timed out');

async function statusError(response: Response): Promise<APIError> {
  const text = await response.text();
  let body: object | undefined;
  try {
    body = JSON.parse(text);
  } catch {
    // A page of a gateway: its text is the message.
  }
  return APIError.generate(response.status, body, body ? undefined : text, response.headers);
}

function toConnectionError(
  error: unknown,
  { signal }: PlainRequest,
  controller: AbortController,
): unknown {
  if (signal?.aborted || controller.signal.aborted) return new APIUserAbortError();
  if (error === TIMED_OUT) return new APIConnectionTimeoutError();
  if (error instanceof AnthropicError) return error;
  if (!(error instanceof Error)) return convertError(error);
  const reason = error.cause instanceof Error ? error.cause.message : error.message;
  return new APIConnectionError({ message: `Connection error: ${reason}`, cause: error });
}

/** What the official SDK retries. */
function isRetryable(error: unknown): error is APIError {
  if (error instanceof APIUserAbortError || !(error instanceof APIError)) return false;
  const advice = error.headers?.get('x-should-retry');
  if (advice === 'true' || advice === 'false') return advice === 'true';
  const { status } = error;
  return (
    status === undefined || status === 408 || status === 409 || status === 429 || status >= 500
  );
}

/** In milliseconds: what the server says, at most a minute, else 0.5 s doubling up to 8 s, less up to a quarter. */
function delay({ headers }: APIError, attempt: number): number {
  const ms = Number.parseFloat(headers?.get('retry-after-ms') ?? '');
  const seconds = Number.parseFloat(headers?.get('retry-after') ?? '');
  const told = Number.isNaN(ms) ? seconds * 1000 : ms;
  if (told >= 0 && told < 60_000) return told;
  return Math.min(500 * 2 ** attempt, 8000) * (1 - Math.random() * 0.25);
}

function wait(ms: number, signal: AbortSignal | null | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      clearTimeout(timer);
      reject(new APIUserAbortError());
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', abort);
      resolve();
    }, ms);
    signal?.addEventListener('abort', abort, { once: true });
    if (signal?.aborted) abort();
  });
}
