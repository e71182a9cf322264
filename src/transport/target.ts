import type { CancelSignal } from './cancellation.js';
import { connectionError } from './connection-error.js';
import type { HttpProxy } from './proxy/http-proxy.js';

/** Where a request goes, and what ends it. */
export interface Target {
  url: string;
  proxy: HttpProxy | undefined;
  signal: CancelSignal;
}

/** A failure, with the name of the proxy that was on the way. */
export function throughProxy(
  error: unknown,
  { url, proxy }: Target,
  phase: 'response' | 'idle',
): unknown {
  return proxy === undefined ? error : connectionError(error, { phase, url, proxy: proxy.name });
}
