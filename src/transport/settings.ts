import type { Observer } from '../observe.js';
import type { Clock } from './clock.js';
import type { Timeout, Timeouts } from './deadline.js';
import type { Transport } from './port.js';

/** What a client has settled for all its requests. */
export interface Settings {
  baseURL: string;
  /** Asked anew for each request, so that a key can be renewed; a promise only where it can. */
  authorization: () => string | undefined | Promise<string | undefined>;
  headers: HeaderOptions;
  transport: Transport;
  timeouts: Required<Timeouts>;
  maxRetries: number;
  maxEventBytes: number;
  clock: Clock;
  observe: Observer | undefined;
}

/** Headers to add; null takes a default away. Names in any case. */
export type HeaderOptions = Readonly<Record<string, string | null | undefined>>;

/** Options of one request; they go over those of the client. */
export interface RequestOptions {
  /** Ends the request. Readers get APIUserAbortError, whose `cause` is the signal's reason. */
  signal?: AbortSignal | undefined;
  /**
   * Limits on waiting for the server, in milliseconds; a number means `response` and `idle`. Each that
   * is not given is the client's.
   */
  timeout?: Timeout | undefined;
  /** How often a request that may pass is sent again, before content came. Default: the client's. */
  maxRetries?: number | undefined;
  /** Headers to add to those of the client; null takes one away. */
  headers?: HeaderOptions | undefined;
  /** The most that one event of a stream may take, in bytes. Default: the client's. */
  maxEventBytes?: number | undefined;
}

/** What is to be asked of the API. */
export interface Call {
  method: 'GET' | 'POST';
  path: string;
  /** JSON. */
  body?: string;
  headers?: HeaderOptions;
  /** Whether the answer is an event stream. */
  stream: boolean;
}
