/* Imports nothing, so that the cases can be read on any runtime. */

/** What a server plays for one request. */
export interface Script {
  /** Default 200; `'none'` answers nothing at all. */
  status?: number | 'none';
  /** Laid over `content-type: text/event-stream` and a `request-id`; undefined takes one away. */
  headers?: Readonly<Record<string, string | undefined>>;
  /** Default empty. */
  body?: Iterable<Piece> | AsyncIterable<Piece>;
  /** After the body: end it, reset the connection (RST), or leave it open. Default `clean`. */
  end?: 'clean' | 'reset' | 'hang';
}

/**
 * A string or bytes are one chunk of the body, which Node's client hands out as one piece whatever
 * TCP does with it. A promise is waited for; `SEEN` waits for the exchange's `seen()`.
 */
export type Piece = string | Uint8Array | typeof SEEN | Promise<unknown>;

/** Waits until the test says that the client has what was sent so far. */
export const SEEN = { until: 'seen' } as const;
