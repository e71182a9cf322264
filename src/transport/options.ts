import type { Observer } from '../observe.js';
import type { Clock } from './clock.js';
import type { Transport } from './port.js';
import type { SizeLimits } from './size-limits.js';
import type { Limits, Timeout } from './timeouts.js';

/** The options of a client, resolved for all its requests. */
export interface ResolvedOptions extends SizeLimits {
  baseURL: string;
  /** Called for each request, so that a key can be renewed; a promise only where the key is a function. */
  authorization: () => string | undefined | Promise<string | undefined>;
  headers: HeaderOptions;
  transport: Transport;
  timeouts: Limits;
  maxRetries: number;
  clock: Clock;
  observe: Observer | undefined;
  /** Fires when the client is closed. */
  closed?: AbortSignal | undefined;
}

/** Headers to add; null removes a default. Names in any case. */
export type HeaderOptions = Readonly<Record<string, string | null | undefined>>;

/** Options of one request; they override those of the client. */
export interface RequestOptions {
  /** Ends the request. Readers get APIUserAbortError, whose `cause` is the signal's reason. */
  signal?: AbortSignal | undefined;
  /**
   * Limits on waiting for the server, in milliseconds; a number sets `response` and `idle`. Default: the
   * client's.
   */
  timeout?: Timeout | undefined;
  /** How often a transient failure is retried before content has arrived. Default: the client's. */
  maxRetries?: number | undefined;
  /** Headers to add to those of the client; null removes one. */
  headers?: HeaderOptions | undefined;
  /** The largest event of a stream to accept, in bytes. Default: the client's. */
  maxEventBytes?: number | undefined;
  /**
   * The largest message to accept, in bytes: its events without pings, or its JSON body. Default: the
   * client's.
   */
  maxMessageBytes?: number | undefined;
}

/** A request to the API. */
export interface ApiRequest {
  method: 'GET' | 'POST';
  path: string;
  /** JSON. */
  body?: string;
  headers?: HeaderOptions;
  /** Whether the response is an event stream. */
  stream: boolean;
}
