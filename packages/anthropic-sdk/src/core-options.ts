import type {
  Anthropic as Core,
  ClientOptions as CoreOptions,
  RequestOptions as CoreRequestOptions,
  Observer,
} from 'millrace';
import { toHeaderRecord } from './core/headers.js';
import { LEVELS } from './core/log-level.js';
import type {
  ClientOptions,
  Fetch,
  FetchOptions,
  Logger,
  LogLevel,
  RequestOptions,
} from './options.js';

/** The state of a client that its requests read: users may assign to these fields. */
export interface ClientState {
  apiKey: string | null;
  authToken: string | null;
  baseURL: string;
  timeout: number;
  maxRetries: number;
  logger: Logger;
  logLevel: LogLevel;
  fetchOptions: FetchOptions | undefined;
  readonly _options: ClientOptions;
}

/**
 * The options of millrace for a client. A number as `timeout` limits the wait for headers only, as in the
 * official SDK: as millrace's own it would limit the silence within a stream too.
 */
export function toCoreOptions(client: ClientState, fetchOptions?: FetchOptions): CoreOptions {
  const { _options: options, apiKey, authToken } = client;
  const key = typeof options.apiKey === 'function' ? options.apiKey : apiKey;
  const both = key && authToken ? { authorization: `Bearer ${authToken}` } : {};
  const fetch = fetchWith(client, fetchOptions);
  return {
    apiKey: key ?? null,
    authToken: key ? null : authToken,
    authHeader: key ? 'x-api-key' : 'bearer',
    baseURL: client.baseURL,
    timeout: { response: client.timeout },
    maxRetries: client.maxRetries,
    defaultHeaders: { ...both, ...toHeaderRecord(options.defaultHeaders) },
    defaultQuery: options.defaultQuery,
    dangerouslyAllowBrowser: options.dangerouslyAllowBrowser,
    observe: observer(client),
    ...(fetch ? { fetch } : { agent: options.httpAgent }),
  };
}

/** The options of millrace for one request. */
export function toCoreRequestOptions(options: RequestOptions = {}): CoreRequestOptions {
  const { headers, maxRetries, timeout, signal, idempotencyKey, query } = options;
  const key = idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey };
  return {
    signal: signal ?? undefined,
    timeout: timeout === undefined ? undefined : { response: timeout },
    maxRetries,
    extraHeaders: { ...key, ...toHeaderRecord(headers) },
    extraQuery: query as CoreRequestOptions['extraQuery'],
  };
}

/** The fetch to use, where there is one: options of fetch need it, and it is none of the default transport. */
function fetchWith(
  { _options, fetchOptions: clients }: ClientState,
  requests?: FetchOptions,
): Fetch | undefined {
  const { fetch } = _options;
  const fields = { ...clients, ...requests };
  if (Object.keys(fields).length === 0) return fetch as Fetch | undefined;
  const send = (fetch ?? globalThis.fetch) as Fetch;
  return (url, init) => send(url, { ...init, ...fields } as RequestInit);
}

/** The core of a client: requests share one while the client's fields stay the same. */
export class Cores {
  #latest: { key: string; core: Core } | undefined;

  readonly #client: ClientState;
  readonly #make: (options: CoreOptions) => Core;

  constructor(client: ClientState, make: (options: CoreOptions) => Core) {
    this.#client = client;
    this.#make = make;
  }

  get(fetchOptions?: FetchOptions): Core {
    if (fetchOptions !== undefined) return this.#make(toCoreOptions(this.#client, fetchOptions));
    const { apiKey, authToken, baseURL, timeout, maxRetries } = this.#client;
    const key = JSON.stringify([apiKey, authToken, baseURL, timeout, maxRetries]);
    if (this.#latest?.key !== key) {
      this.#latest = { key, core: this.#make(toCoreOptions(this.#client)) };
    }
    return this.#latest.core;
  }
}

/** What millrace reports, to the client's logger. */
function observer(client: ClientState): Observer {
  return (observation) => {
    const isWarning = observation.type === 'warning';
    const level = isWarning ? 'warn' : 'debug';
    if (LEVELS.indexOf(client.logLevel) < LEVELS.indexOf(level)) return;
    const { type, ...rest } = observation;
    client.logger[level](`anthropic: ${type}`, rest);
  };
}
