import type { Observer, Reporter } from '../observe.js';
import type { Sink } from '../trace/sink.js';
import type { CancelSignal } from './cancellation.js';
import type { Clock } from './clock.js';
import type { HeaderOptions } from './headers.js';
import type { NodeOptions } from './node-options.js';
import type { Transport } from './port.js';
import type { QueryFields, QueryOptions } from './query.js';
import type { SizeLimits } from './size-limits.js';
import type { Limits, Timeout } from './timeouts.js';

/** The options of a client, resolved for all its requests. */
export interface ResolvedOptions extends SizeLimits {
  baseURL: string;
  /** The headers with the key; where the key is a function, what makes them for each request. */
  credentials: Credentials | (() => Promise<Credentials>);
  headers: HeaderOptions;
  /** That of the client, with its `?`; '' for none. */
  query: string;
  transport: Transport;
  /** The URL of the proxy that the transport uses. */
  proxy: string | undefined;
  /** What else it uses for its connections, as data. */
  connections: Pick<NodeOptions, 'http2' | 'tls'>;
  timeouts: Limits;
  maxRetries: number;
  clock: Clock;
  observe: Observer | undefined;
  /** Who else wants to know of the client's calls. */
  sinks?: ReadonlySet<Sink> | undefined;
  /** Records what the client does. */
  inspector?: Sink | undefined;
  /** Takes what happens to the requests of one call. */
  report?: Reporter | undefined;
  /** Fires when the client is closed. */
  closed?: CancelSignal | undefined;
}

/** Headers with a key; none of them where there is none. The same object for as long as nothing has changed. */
export type Credentials = Readonly<Record<string, string>>;

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
  /** Headers to add to those of the client and of the params; null removes one. */
  extraHeaders?: HeaderOptions | undefined;
  /** Fields to add to the query of the URL; null removes one of the client. */
  extraQuery?: QueryOptions | undefined;
  /**
   * Fields to add to the body as they are: params that these types don't know yet. One with the name of a
   * param replaces it whole.
   */
  extraBody?: Readonly<Record<string, unknown>> | undefined;
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
  method: 'GET' | 'POST' | 'DELETE';
  path: string;
  query?: QueryFields;
  /** JSON. */
  body?: string;
  headers?: HeaderOptions;
  /** Whether the response is an event stream. */
  stream: boolean;
  /** What a JSON response must be: a message, unless this says otherwise. */
  expects?: 'token count' | 'page' | 'object';
}
