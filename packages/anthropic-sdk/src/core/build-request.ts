import type { ClientState } from '../core-options.js';
import type { RequestOptions } from '../options.js';
import { toHeaderRecord } from './headers.js';

/** A request that is no message: its method and path. */
export interface PathRequest extends RequestOptions {
  method: 'get' | 'post' | 'patch' | 'put' | 'delete';
  path: string;
}

/** What `fetch` is called with. */
export interface BuiltRequest {
  req: RequestInit & { method: string; headers: Headers };
  url: string;
  /** How long to wait for headers, in milliseconds. */
  timeout: number;
}

/** The request as `fetch` takes it. */
export async function buildRequest(
  client: ClientState,
  request: PathRequest,
): Promise<BuiltRequest> {
  const { method, path, query, defaultBaseURL, signal, fetchOptions } = request;
  const headers = await buildHeaders(client, request);
  const body = encodeBody(request.body, headers);
  const req = {
    method: method.toUpperCase(),
    headers,
    redirect: 'manual' as const,
    ...(body === undefined ? {} : { body }),
    // Without it fetch refuses a body that is a stream.
    ...(body instanceof ReadableStream ? { duplex: 'half' } : {}),
    ...(signal ? { signal } : {}),
    ...client.fetchOptions,
    ...fetchOptions,
  };
  const url = buildURL(client, path, query, defaultBaseURL);
  return { req, url, timeout: request.timeout ?? client.timeout };
}

export const DEFAULT_BASE_URL = 'https://api.anthropic.com';

/**
 * The URL of a path, with the client's query and that of a request. Lists are `name[]=a&name[]=b`.
 * @param defaultBaseURL the base of a path that lives elsewhere, unless the client has a base of its own.
 */
export function buildURL(
  client: ClientState,
  path: string,
  query?: object | null,
  defaultBaseURL?: string,
): string {
  const own = client.baseURL === DEFAULT_BASE_URL ? undefined : client.baseURL;
  const base = (own ?? (defaultBaseURL || DEFAULT_BASE_URL)).replace(/\/+$/, '');
  const url = /^https?:/.test(path) ? new URL(path) : new URL(base + path);
  for (const [name, value] of Object.entries({ ...client._options.defaultQuery, ...query })) {
    url.searchParams.delete(name);
    append(url.searchParams, name, value);
  }
  return url.href;
}

function append(params: URLSearchParams, name: string, value: unknown): void {
  if (value === undefined || value === null) return;
  if (Array.isArray(value)) for (const item of value) append(params, `${name}[]`, item);
  else if (value instanceof Date) params.append(name, value.toISOString());
  else if (typeof value !== 'object') params.append(name, String(value));
  else for (const [key, item] of Object.entries(value)) append(params, `${name}[${key}]`, item);
}

async function buildHeaders(client: ClientState, request: PathRequest): Promise<Headers> {
  const { apiKey } = client._options;
  const key = typeof apiKey === 'function' ? await apiKey() : client.apiKey;
  const headers = new Headers({ accept: 'application/json', 'anthropic-version': '2026-10-21' });
  if (key) headers.set('x-api-key', key);
  if (client.authToken) headers.set('authorization', `Bearer ${client.authToken}`);
  if (request.idempotencyKey) headers.set('idempotency-key', request.idempotencyKey);
  for (const own of [client._options.defaultHeaders, request.headers]) {
    for (const [name, value] of Object.entries(toHeaderRecord(own))) {
      if (value === null) headers.delete(name);
      else headers.set(name, value);
    }
  }
  return headers;
}

/** The body as fetch takes it: bytes, forms and streams as they are, all else as JSON. Sets its type. */
function encodeBody(body: unknown, headers: Headers): BodyInit | undefined {
  if (body === undefined || body === null) return undefined;
  const type = headers.get('content-type');
  const isEncoded = typeof body === 'string' && type !== null;
  if (isEncoded || RAW.some((Type) => body instanceof Type) || ArrayBuffer.isView(body)) {
    return body as BodyInit;
  }
  if (isStreamBody(body)) return toByteStream(body);
  if (type === 'application/x-www-form-urlencoded') {
    const form = new URLSearchParams();
    for (const [name, value] of Object.entries(body)) append(form, name, value);
    return form.toString();
  }
  if (type === null) headers.set('content-type', 'application/json');
  return JSON.stringify(body);
}

const RAW = [ArrayBuffer, Blob, FormData, URLSearchParams, ReadableStream];

type Chunks = AsyncIterable<unknown> | (Iterable<unknown> & Iterator<unknown>);

/** A body that is read once: it can't be sent again. */
export function isStreamBody(body: unknown): body is ReadableStream | Chunks {
  if (typeof body !== 'object' || body === null) return false;
  if (body instanceof ReadableStream || Symbol.asyncIterator in body) return true;
  return Symbol.iterator in body && typeof (body as { next?: unknown }).next === 'function';
}

/** Safari has no `ReadableStream.from()`. */
function toByteStream(source: Chunks): ReadableStream {
  const chunks =
    Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await chunks.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      await chunks.return?.();
    },
  });
}
