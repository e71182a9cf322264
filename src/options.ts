import { defaultTransport, inspectInto, proxyFor } from '#transport';
import {
  aBoolean,
  aRetryCount,
  aSize,
  checkOptions,
  isFunction,
  isPlain,
  isString,
  must,
  mustUnseen,
  type OptionCheck,
  type OptionChecks,
} from './check-options.js';
import { CREDENTIAL_OPTIONS, type CredentialOptions, credentials } from './credentials.js';
import { env } from './env.js';
import { AnthropicError } from './errors.js';
import { logObserver } from './log.js';
import { type Observer, safeObserver } from './observe.js';
import { baseUrl, DEFAULT_BASE_URL } from './transport/base-url.js';
import { type Clock, systemClock } from './transport/clock.js';
import { type Fetch, fetchTransport, proxyFor as proxyOfFetch } from './transport/fetch.js';
import { type HeaderOptions, someHeaders } from './transport/headers.js';
import type { Http2Options } from './transport/node-options.js';
import type { ResolvedOptions } from './transport/options.js';
import { aQuery, type QueryOptions, withQuery } from './transport/query.js';
import { sizeLimits } from './transport/size-limits.js';
import { aTimeout, DEFAULT_TIMEOUTS, type Timeout, withTimeout } from './transport/timeouts.js';
import type { TlsOptions } from './transport/tls-options.js';
import { VERSION } from './version.js';

/** Options of a client. Unset options come from the environment, then from the defaults. */
export interface ClientOptions extends CredentialOptions {
  /**
   * The address before `/v1/messages`; `/v1` at its end and a query are fine. Default: ANTHROPIC_BASE_URL, else
   * `https://api.anthropic.com`.
   */
  baseURL?: string | undefined;
  /**
   * Limits on waiting for the server, in milliseconds; a number means `response` and `idle`.
   * Default: `{ response: 600_000, idle: 180_000, stall: 900_000 }` (`stall` is 3,600,000 while the model
   * may be silent for long), no `total`.
   */
  timeout?: Timeout | undefined;
  /** How often a transient failure is retried before content has arrived. Default 2. */
  maxRetries?: number | undefined;
  /** Headers for every request; null removes a default. Also: ANTHROPIC_CUSTOM_HEADERS. */
  defaultHeaders?: HeaderOptions | undefined;
  /** Fields for the query of every URL. */
  defaultQuery?: QueryOptions | undefined;
  /** Used for every request instead of the platform's own transport. */
  fetch?: Fetch | undefined;
  /**
   * The URL of an HTTP proxy for every request, with user name and password where it wants them; false for
   * none. Default: HTTPS_PROXY or HTTP_PROXY, less NO_PROXY, read now; never for loopback. Node only:
   * elsewhere, and with `fetch`, the platform decides.
   */
  proxy?: string | false | undefined;
  /**
   * A `node:http` or `node:https` Agent: to limit sockets, for a Unix socket, or proxies of other kinds; the environment's proxy is not used then. Node only.
   */
  agent?: object | undefined;
  /**
   * Whether requests over TLS may use HTTP/2, and how many streams share a connection. Default
   * `{ maxStreams: 100 }`; with an `agent`, or where a tool such as msw or a tracer has replaced
   * `https.request`, HTTP/1.1. Node only.
   */
  http2?: boolean | Http2Options | undefined;
  /** Certificates, where the server or its network needs some that Node doesn't have. Node only, without an `agent`. */
  tls?: TlsOptions | undefined;
  /** Allows browsers, where every visitor can read the key. Default false. */
  dangerouslyAllowBrowser?: boolean | undefined;
  /** The largest event of a stream to accept, in bytes. Default 33,554,432 (32 MiB). */
  maxEventBytes?: number | undefined;
  /**
   * The largest message to accept, in bytes: its events without pings, or its JSON body. Default 268,435,456
   * (256 MiB).
   */
  maxMessageBytes?: number | undefined;
  /**
   * Called with every request, response and retry; what it throws is ignored. Default: the logger of
   * ANTHROPIC_LOG.
   */
  observe?: Observer | undefined;
  /**
   * Writes each request and response into a folder, for `millrace inspect`: the one that MILLRACE_INSPECT names, else
   * `millrace-recordings`. Keys are left out, messages are not. Default: true where MILLRACE_INSPECT is set. Node only:
   * elsewhere nothing is written.
   */
  inspect?: boolean | undefined;
  /** Time, for tests. Default: the system's. */
  clock?: Clock | undefined;
}

/** Only Node's transport has these options: their checks would be dead weight in a page. */
const checkedByTransport: OptionCheck = () => {};

/** The options of a client, and their checks. */
export const CLIENT_OPTIONS: OptionChecks<ClientOptions> = {
  ...CREDENTIAL_OPTIONS,
  baseURL: must(
    (value) => isString(value) || value instanceof URL,
    `give an address such as ${DEFAULT_BASE_URL}`,
  ),
  timeout: aTimeout,
  maxRetries: aRetryCount,
  defaultHeaders: someHeaders,
  defaultQuery: aQuery,
  fetch: must(isFunction, 'pass a function such as (url, init) => fetch(url, init)'),
  proxy: mustUnseen(
    (value) => value === false || isString(value),
    "pass a URL such as 'http://proxy:8080', or false",
  ),
  agent: must(isPlain, 'pass an http.Agent or https.Agent'),
  http2: checkedByTransport,
  tls: checkedByTransport,
  dangerouslyAllowBrowser: aBoolean,
  maxEventBytes: aSize,
  maxMessageBytes: aSize,
  observe: must(isFunction, 'pass a function such as (observation) => console.log(observation)'),
  inspect: aBoolean,
  clock: must(
    (value) => isPlain(value) && isFunction(value.now) && isFunction(value.setTimeout),
    'pass an object with now, setTimeout and clearTimeout',
  ),
};

/**
 * The options of a client, resolved from its own, the environment and the defaults.
 * @throws AnthropicError for an invalid option.
 */
export function resolveOptions(options: ClientOptions): ResolvedOptions {
  checkOptions(options, CLIENT_OPTIONS);
  refuseBrowser(options);
  const observer = options.observe ?? logObserver(env('ANTHROPIC_LOG'));
  const observe = safeObserver(observer);
  const { fetch } = options;
  const address = options.baseURL ?? env('ANTHROPIC_BASE_URL') ?? DEFAULT_BASE_URL;
  const { url: baseURL, query } = baseUrl(address, (host) => {
    if (observer && isFirstFor(observer, host)) observe?.({ type: 'warning', message: USERINFO });
  });
  const proxy = fetch ? proxyOfFetch(options) : proxyFor(options, baseURL, env);
  const transport = fetch ? fetchTransport(fetch) : defaultTransport(options, proxy);
  const timeouts = withTimeout(DEFAULT_TIMEOUTS, options.timeout);
  const dir = inspectDir(options.inspect);
  const inspection = dir === undefined ? undefined : inspectInto(dir);
  return {
    baseURL,
    credentials: credentials(options),
    headers: {
      ...(isBrowser()
        ? { 'anthropic-dangerous-direct-browser-access': 'true' }
        : { 'user-agent': `millrace/${VERSION}` }),
      ...customHeaders(env('ANTHROPIC_CUSTOM_HEADERS')),
      ...given(options.defaultHeaders ?? {}),
    },
    query: withQuery(query, options.defaultQuery),
    transport: inspection?.wrap(transport) ?? transport,
    inspector: inspection?.sink,
    proxy,
    connections: { http2: options.http2, tls: options.tls },
    timeouts,
    maxRetries: options.maxRetries ?? 2,
    ...sizeLimits(options),
    clock: options.clock ?? systemClock,
    observe,
  };
}

function inspectDir(isOn: boolean | undefined): string | undefined {
  const dir = env('MILLRACE_INSPECT');
  if (isOn === false) return undefined;
  return dir ?? (isOn ? 'millrace-recordings' : undefined);
}

/**
 * Options with some overridden; undefined changes nothing. A new credential replaces the old one.
 * @throws AnthropicError for an unknown option.
 */
export function mergeOptions<O extends ClientOptions>(options: O, changes: O): O {
  checkOptions(changes, CLIENT_OPTIONS);
  const { apiKey, authToken, ...kept } = options;
  const isNewCredential = changes.apiKey !== undefined || changes.authToken !== undefined;
  return { ...(isNewCredential ? kept : options), ...given(changes) } as O;
}

const USERINFO =
  'user name and password in baseURL are not sent: pass them in defaultHeaders.authorization, if the server wants them';

/** Clients are made from others by `withOptions`, with the same observer and address. */
function isFirstFor(observer: Observer, host: string): boolean {
  const hosts = warned.get(observer) ?? new Set();
  warned.set(observer, hosts);
  return hosts.size < hosts.add(host).size;
}

const warned = new WeakMap<Observer, Set<string>>();

/** `name: value` lines. */
function customHeaders(lines: string | undefined): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const line of lines?.split('\n') ?? []) {
    const colon = line.indexOf(':');
    if (colon > 0)
      headers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
  }
  return headers;
}

/** Undefined means unset: it must not override a default. */
function given<T extends object>(values: T): Partial<T> {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Partial<T>;
}

function isBrowser(): boolean {
  const { window, document } = globalThis as { window?: unknown; document?: unknown };
  return window !== undefined && document !== undefined;
}

function refuseBrowser({ dangerouslyAllowBrowser }: ClientOptions): void {
  if (!isBrowser() || dangerouslyAllowBrowser) return;
  throw new AnthropicError(
    'never ship an API key to the browser: stream through your server with ' +
      'stream.toResponse() and MessageStream.from(), or set dangerouslyAllowBrowser: true',
  );
}
