import { addressOf } from '../address.js';
import type { TransportRequest, TransportResponse } from '../port.js';
import type { Target } from '../target.js';
import { tlsKey } from '../tls-key.js';
import type { TlsOptions } from '../tls-options.js';
import { connectTls } from './connect.js';
import { exchangeOverHttp2 } from './exchange.js';
import { isIntercepted } from './intercepted.js';
import { type Http1, SessionPool } from './pool.js';

/** What decides, besides the target, which requests share connections. */
export interface PoolOptions {
  maxStreams: number;
  tls: TlsOptions | undefined;
}

/** Sends a request over HTTP/2, unless the server, or what has replaced `node:https`, wants HTTP/1.1. */
export function sendOverHttp2(
  request: TransportRequest,
  options: PoolOptions,
  target: Target,
): Promise<TransportResponse | Http1> {
  if (isIntercepted()) return Promise.resolve({ socket: undefined });
  return exchangeOverHttp2(sharedPool(options, target), request, target);
}

/** Of all clients, so that one made for one request reuses connections. Each thread has its own. */
const pools = new Map<string, { origin: string; pool: SessionPool }>();

function sharedPool({ maxStreams, tls }: PoolOptions, { url, proxy }: Target): SessionPool {
  const { origin } = addressOf(url);
  const key = `${origin} ${maxStreams} ${proxy?.href ?? ''} ${tlsKey(tls)}`;
  const found = pools.get(key);
  if (found !== undefined) return found.pool;
  const { hostname, port } = new URL(url);
  const host = hostname.replace(/[[\]]/g, '');
  const route = { host, port: Number(port || 443), tls, proxy };
  const limits = { maxStreams, ...LIMITS };
  const pool = new SessionPool(origin, (signal) => connectTls(route, signal), limits);
  pools.set(key, { origin, pool });
  return pool;
}

const LIMITS = { idle: 60_000, age: 600_000, silence: 20_000, pong: 15_000 };

/** Closes the connections to a server that carry nothing. */
export function closeIdleSessions(url: string): void {
  const { origin: closed } = new URL(url);
  for (const { origin, pool } of pools.values()) if (origin === closed) pool.closeIdle();
}
