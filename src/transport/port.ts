import type { Poll, Wake } from '../pull/poll.js';
import type { CancelSignal } from './cancellation.js';

/** One HTTP exchange, as the transports see it. */
export interface TransportRequest {
  method: 'GET' | 'POST' | 'DELETE';
  url: string;
  headers: Readonly<Record<string, string>>;
  body: string | undefined;
  /** Asks for a new connection: those that are kept may be dead. */
  isFresh?: boolean;
}

/** Status and headers of a response. */
export interface ResponseHead {
  status: number;
  statusText: string;
  /** A copy, made on demand: on Node the first `Headers` costs a tenth of a second. */
  headers(): Headers;
  header(name: string): string | null;
  /** As received, names in any case: cheap, and plain data. */
  fields(): [name: string, value: string][];
}

/**
 * The body of a response. It is read ahead by a bounded amount only, so a reader that stops applies
 * backpressure, and what was read ahead survives a failure of the connection.
 */
export interface ResponseBody {
  /** The next bytes, null at the end. One question at a time. @throws what the connection failed with. */
  read(wake: Wake): Poll<Uint8Array | null>;
  /** Closes the connection: the rest is not wanted. A pending read fails with the reason. */
  cancel(reason: unknown): void;
  /** The message is complete: keeps the connection for reuse if the body ends now, else closes it. */
  finish(): void;
}

/** Of a response that has none. */
export const NO_BODY: ResponseBody = { read: () => null, cancel: () => {}, finish: () => {} };

export interface TransportResponse {
  head: ResponseHead;
  body: ResponseBody;
}

/**
 * The port to the network. Rejects with whatever the platform throws; `signal` ends the request before
 * the response, and the body after it.
 */
export interface Transport {
  (request: TransportRequest, signal: CancelSignal): Promise<TransportResponse>;
  /** Whether it sends requests by `fetch`. */
  isFetch?: boolean;
  /** Closes the idle connections to a host, where they are millrace's own. */
  closeIdle?: ((baseURL: string) => void) | undefined;
}
