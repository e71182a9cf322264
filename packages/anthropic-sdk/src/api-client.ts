import { type Answer, APIPromise, copyResponse } from './core/api-promise.js';
import { convertError } from './core/convert-error.js';
import {
  AnthropicError,
  APIConnectionError,
  APIConnectionTimeoutError,
  APIError,
  APIUserAbortError,
} from './core/error.js';
import { toHeaderRecord } from './core/headers.js';
import { Stream } from './core/streaming.js';
import { type ClientState, fetchWith } from './core-options.js';
import type { RequestOptions } from './options.js';

/** A request that is no message: method, path and how its body is read. */
export interface PlainRequest extends RequestOptions {
  method: 'get' | 'post' | 'patch' | 'put' | 'delete';
  path: string;
  /** The response itself: the content of a file. */
  isBinary?: boolean | undefined;
}

/** Sends a request that is no message, with the client's retries, and reads what it gives. */
export function sendPlain<T>(client: ClientState, request: PlainRequest): APIPromise<T> {
  const controller = new AbortController();
  const response = withRetries(client, request, controller);
  const answer = response.then(async (response): Promise<Answer<T>> => {
    const requestId = response.headers.get('request-id');
    // What may be large is not read twice.
    const isWhole = !request.stream && !request.isBinary;
    const data = await readBody<T>(isWhole ? response.clone() : response, request, controller);
    return { data, response, requestId };
  });
  return new APIPromise<T>(answer, ({ response }) => copyResponse(response, response.body));
}

async function readBody<T>(
  response: Response,
  { stream, isBinary }: PlainRequest,
  controller: AbortController,
): Promise<T> {
  if (stream) return Stream.fromSSEResponse(response, controller) as T;
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
  const retries = request.maxRetries ?? client.maxRetries;
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
  const { signal } = request;
  signal?.throwIfAborted();
  const abort = (): void => controller.abort(signal?.reason);
  signal?.addEventListener('abort', abort, { once: true });
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(TIMED_OUT), request.timeout ?? client.timeout);
  try {
    const send = fetchWith(client, request.fetchOptions) ?? globalThis.fetch;
    return await send(buildURL(client, request.path, request.query), {
      method: request.method.toUpperCase(),
      headers: await buildHeaders(client, request),
      body: encodeBody(request.body),
      redirect: 'manual',
      signal: AbortSignal.any([controller.signal, timeout.signal]),
    } as RequestInit);
  } finally {
    clearTimeout(timer);
    if (!request.stream) signal?.removeEventListener('abort', abort);
  }
}

const TIMED_OUT = new Error('timed out');

/** The URL of a path, with the client's query and that of a request. Lists are `name[]=a&name[]=b`. */
export function buildURL(client: ClientState, path: string, query?: object | null): string {
  const base = client.baseURL.replace(/\/+$/, '');
  const url = /^https?:/.test(path) ? new URL(path) : new URL(base + path);
  for (const [name, value] of Object.entries({ ...client._options.defaultQuery, ...query })) {
    if (value === undefined || value === null) continue;
    if (!Array.isArray(value)) url.searchParams.set(name, String(value));
    else for (const item of value) url.searchParams.append(`${name}[]`, String(item));
  }
  return url.href;
}

async function buildHeaders(client: ClientState, request: PlainRequest): Promise<Headers> {
  const { apiKey } = client._options;
  const key = typeof apiKey === 'function' ? await apiKey() : client.apiKey;
  const isForm = request.body instanceof FormData;
  const headers = new Headers({ accept: 'application/json', 'anthropic-version': '2023-06-01' });
  if (request.body !== undefined && !isForm) headers.set('content-type', 'application/json');
  if (key) headers.set('x-api-key', key);
  if (client.authToken) headers.set('authorization', `Bearer ${client.authToken}`);
  if (request.idempotencyKey) headers.set('idempotency-key', request.idempotencyKey);
  const own = {
    ...toHeaderRecord(client._options.defaultHeaders),
    ...toHeaderRecord(request.headers),
  };
  for (const [name, value] of Object.entries(own)) {
    if (value === null) headers.delete(name);
    else headers.set(name, value);
  }
  return headers;
}

function encodeBody(body: unknown): BodyInit | undefined {
  if (body === undefined) return undefined;
  const isRaw = typeof body === 'string' || body instanceof FormData || ArrayBuffer.isView(body);
  return isRaw ? (body as BodyInit) : JSON.stringify(body);
}

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
