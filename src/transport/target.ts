import type { CancelSignal } from './cancellation.js';
import { connectionError } from './connection-error.js';
import type { HttpProxy } from './proxy/http-proxy.js';
import { requestError } from './request-error.js';

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
  if (proxy === undefined) return error;
  const request = { url, proxy: proxy.name };
  return phase === 'idle' ? connectionError(error, request) : requestError(error, request);
}
