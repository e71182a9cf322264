import type { Agent, ClientRequest } from 'node:http';
import type { Socket } from 'node:net';
import { addressOf } from './address.js';
import {
  closeIdle,
  type HttpModule,
  httpModule,
  loadHttpModule,
  sharedAgent,
  withSocket,
} from './agents.js';
import type { CancelSignal } from './cancellation.js';
import { exchangeOverHttp1 } from './http1.js';
import { type NodeOptions, resolveHttp2 } from './node-options.js';
import type { Transport, TransportRequest, TransportResponse } from './port.js';
import type { HttpProxy } from './proxy/http-proxy.js';
import type { Target } from './target.js';
import { assertTls } from './tls-options.js';

export { inspectInto } from './inspect/inspection.js';
export { proxyFor } from './proxy/proxy-for.js';

/**
 * The transport for Node. Over TLS it speaks HTTP/2 where the server can, so that many streams share a
 * connection; else it uses `node:http`, which costs half the CPU of `fetch`. Neither has hidden timeouts.
 *
 * Without an agent, connections are those of all clients: their number has no limit.
 * @param proxyURL of a proxy for every request, as of `proxyFor`.
 * @throws AnthropicError for invalid options, and for those that exclude each other.
 */
export function defaultTransport(options: NodeOptions, proxyURL?: string): Transport {
  const { agent, tls } = options;
  assertTls(tls);
  const http2 = resolveHttp2(options);
  const overAny = async (
    request: TransportRequest,
    signal: CancelSignal,
  ): Promise<TransportResponse> => {
    const { url } = request;
    const proxy = proxyURL === undefined ? undefined : await loadProxy(proxyURL);
    const target = { url, proxy, signal };
    let socket: Socket | undefined;
    if (http2 !== undefined && isForHttp2(request)) {
      const found = await (await loadHttp2()).sendOverHttp2(request, { ...http2, tls }, target);
      if ('head' in found) return found;
      socket = found.socket;
    }
    return overHttp1(request, target, { http: await loadHttpModule(url), agent, tls, socket });
  };
  const transport: Transport = (request, signal) => {
    const { url } = request;
    const isDirect = proxyURL === undefined && (http2 === undefined || !isForHttp2(request));
    // Then nothing is awaited: a promise more would cost each request some microseconds.
    const http = isDirect ? httpModule(url) : undefined;
    if (http === undefined) return overAny(request, signal);
    return overHttp1(request, { url, proxy: undefined, signal }, { http, agent, tls });
  };
  if (agent === undefined) transport.closeIdle = closeAllIdle;
  return transport;
}

/** How a request over HTTP/1.1 gets its connection. */
interface Connections extends Pick<NodeOptions, 'agent' | 'tls'> {
  http: HttpModule;
  /** One that is open already. */
  socket?: Socket | undefined;
}

function overHttp1(
  request: TransportRequest,
  target: Target,
  { http, agent, tls, socket }: Connections,
): Promise<TransportResponse> {
  const { url, method, headers, body, isFresh } = request;
  const { proxy, signal } = target;
  if (signal.aborted) socket?.destroy();
  const used = (agent as Agent | undefined) ?? sharedAgent(url, http, proxy, tls);
  let opened = socket;
  const open = (isFresh: boolean): ClientRequest => {
    if (isFresh) closeIdle(url, [used]);
    const proxied = proxy?.options(url, headers, signal);
    // A copy of the headers: tracers add to them.
    const at = addressOf(url).options;
    const options = { ...at, method, headers: { ...headers }, agent: used, ...proxied };
    const send = (): ClientRequest => http.request(options);
    const first = opened;
    opened = undefined;
    return first === undefined ? send() : withSocket(used, first, send);
  };
  return exchangeOverHttp1(open, { body }, target, isFresh);
}

const loadProxy = async (url: string): Promise<HttpProxy> =>
  new (await import('./proxy/http-proxy.js')).HttpProxy(url);

/** Undefined until a request needs it: a client of a server without TLS doesn't. */
let http2Loaded: Promise<typeof import('./http2/pools.js')> | undefined;

function loadHttp2(): Promise<typeof import('./http2/pools.js')> {
  http2Loaded ??= import('./http2/pools.js');
  return http2Loaded;
}

function closeAllIdle(baseURL: string): void {
  closeIdle(baseURL);
  void http2Loaded?.then(({ closeIdleSessions }) => closeIdleSessions(baseURL));
}

function isForHttp2({ url, headers }: TransportRequest): boolean {
  return url.startsWith('https:') && (latest === headers || areForHttp2(headers));
}

/** Headers that HTTP/2 can carry: nearly all requests of a client have the same. */
let latest: TransportRequest['headers'] | undefined;

function areForHttp2(headers: TransportRequest['headers']): boolean {
  if (HTTP1_HEADERS.some((name) => name in headers)) return false;
  // `node:http2` would send other bytes for these than `node:https` does.
  if (!Object.values(headers).every((value) => ASCII.test(value))) return false;
  latest = headers;
  return true;
}

const ASCII = /^[\t\x20-\x7e]*$/;

/** What HTTP/2 has no place for, and `host`, by which `node:https` takes the name for the certificate. */
const HTTP1_HEADERS = [
  'host',
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
  'te',
  'expect',
];
