import { AnthropicError } from './core/error.js';
import type { HeadersLike } from './core/headers.js';

/** The fetch that requests go through. */
export type Fetch = (url: string, init?: RequestInit) => Promise<Response>;

/** Fields for the init of fetch, such as undici's `dispatcher`, or Bun's `proxy`. */
export type FetchOptions = Omit<RequestInit, 'body' | 'headers' | 'method' | 'signal'> &
  Record<string, unknown>;

export type LogLevel = 'off' | 'error' | 'warn' | 'info' | 'debug';

export interface Logger {
  error(message: string, ...rest: unknown[]): void;
  warn(message: string, ...rest: unknown[]): void;
  info(message: string, ...rest: unknown[]): void;
  debug(message: string, ...rest: unknown[]): void;
}

/** Options of a client, under the official names. */
export interface ClientOptions {
  /** Sent as `x-api-key`; a function is called before each request. Default: ANTHROPIC_API_KEY. */
  apiKey?: string | (() => Promise<string>) | null | undefined;
  /** Sent as `authorization: Bearer`. Default: ANTHROPIC_AUTH_TOKEN. */
  authToken?: string | null | undefined;
  /** Default: ANTHROPIC_BASE_URL, else `https://api.anthropic.com`. */
  baseURL?: string | null | undefined;
  /** How long to wait for response headers, in milliseconds. Default 600,000. */
  timeout?: number | undefined;
  /** Fields for the init of fetch. Requests then go through fetch instead of millrace's own transport. */
  fetchOptions?: FetchOptions | undefined;
  /** A fetch of your own, for every request. */
  // biome-ignore lint/suspicious/noExplicitAny: the fetch of node-fetch, undici and others fits too.
  fetch?: ((url: any, init?: any) => Promise<any>) | undefined;
  /** How often a transient failure is retried. Default 2. */
  maxRetries?: number | undefined;
  /** Headers for every request; null removes one. */
  defaultHeaders?: HeadersLike;
  /** Fields for the query of every URL. */
  defaultQuery?: Record<string, string | undefined> | undefined;
  /** Allows browsers, where every visitor can read the key. */
  dangerouslyAllowBrowser?: boolean | undefined;
  /** A `node:http` or `node:https` Agent, as older versions of the official SDK had it. */
  httpAgent?: object | undefined;
  /** Default: ANTHROPIC_LOG, else `warn`. */
  logLevel?: LogLevel | undefined;
  /** Default: the console. */
  logger?: Logger | undefined;
}

/** Options of one request, under the official names. */
export interface RequestOptions {
  headers?: HeadersLike;
  maxRetries?: number | undefined;
  timeout?: number | undefined;
  signal?: AbortSignal | null | undefined;
  idempotencyKey?: string | undefined;
  query?: object | undefined;
  fetchOptions?: FetchOptions | undefined;
  /** For `client.post()` and the like: the base of the path, unless the client has a base of its own. */
  defaultBaseURL?: string | undefined;
  /** For `client.post()` and the like: bytes, a form or a stream as it is, all else as JSON. */
  body?: unknown;
  /** For `client.post()` and the like: the response is an event stream. */
  stream?: boolean | undefined;
}

/** What cannot be done over millrace, and what to write instead. An option must not be ignored silently. */
const REFUSED: Readonly<Record<string, string>> = {
  middleware: 'wrap `fetch` instead',
  credentials: 'pass `apiKey` as a function',
  config: 'pass `apiKey` as a function',
  profile: 'pass `apiKey` as a function',
  openTelemetry: "instrument node:http or fetch, or use millrace's `observe`",
  fallbackState: 'send the param `fallbacks`',
  compactionControl: 'send the param `context_management`',
  runToolsEagerly: "leave it out, or write millrace's own messages.toolRunner()",
};

/** @throws AnthropicError for an option that has no counterpart. */
export function refuseUnsupported(options: object | null | undefined): void {
  for (const [name, value] of Object.entries(options ?? {})) {
    const remedy = REFUSED[name];
    const isUsed = value !== undefined && value !== null && value !== false;
    if (remedy === undefined || !isUsed || (Array.isArray(value) && value.length === 0)) continue;
    throw new AnthropicError(`${name} is not supported over millrace: ${remedy}`);
  }
}
