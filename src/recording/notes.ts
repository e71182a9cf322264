/*
 * Lines of a recording beside the exchange: what a client knows of it and a proxy doesn't. A client with the
 * option `inspect` writes them.
 *
 *   {"sent":{"time":1764350000000,"streamId":"str_…","attemptId":"att_…","attempt":1,"url":"https://…","timeouts":{…}}}
 *   {"at":3021,"read":{"away":2600}}
 *   {"at":5120,"retry":{"attempt":1,"delay":812,"error":{"name":"OverloadedError","message":"…"}}}
 *   {"at":5120,"recover":{"attempt":1,"mode":"continue","error":{…}}}
 *   {"at":6000,"restart":{"index":1}}
 *   {"at":9000,"tool":{"id":"toolu_…","name":"get_weather","ms":120,"isError":false}}
 *   {"at":9100,"run":{"runId":"run_…","turns":2,"ms":9040}}
 *   {"at":9100,"call":{"outcome":"complete"}}
 */

/** Of the request; the second line of a file. */
export interface SentNote {
  /** When the request was made, in milliseconds since 1970. `at` counts from here. */
  readonly time: number;
  /** What pairs the requests of one call. */
  readonly streamId: string;
  readonly attemptId: string;
  /** 1 for the first request of the call. */
  readonly attempt: number;
  readonly runId?: string | undefined;
  readonly turn?: number | undefined;
  /** Without its query, user name and password. */
  readonly url: string;
  /** The client's clocks, in milliseconds; one that is off is left out. */
  readonly timeouts?: Readonly<Record<string, number>> | undefined;
}

/** What is known of an error in a file. */
export interface NotedError {
  readonly name: string;
  readonly message: string;
}

/** What a note of each name says. */
export interface Notes {
  /** The program asked for more after it had not asked for `away` milliseconds. */
  readonly read: { readonly away: number };
  /** The request failed, and another follows after `delay` milliseconds. */
  readonly retry: { readonly attempt: number; readonly delay: number; readonly error: NotedError };
  /** The stream broke, and a request for its rest follows. */
  readonly recover: { readonly attempt: number; readonly mode: string; readonly error: NotedError };
  /** A recovery discarded the blocks from `index` on. */
  readonly restart: { readonly index: number };
  /** A tool has run, for `ms` milliseconds up to now. */
  readonly tool: {
    readonly id: string;
    readonly name: string;
    readonly ms: number;
    readonly isError: boolean;
  };
  /** The run of tools that the call belongs to is over. */
  readonly run: {
    readonly runId: string;
    readonly turns: number;
    readonly ms: number;
    readonly error?: NotedError | undefined;
  };
  /** The call is over; `error` where it failed for the client. */
  readonly call: { readonly outcome: string; readonly error?: NotedError | undefined };
}

export type NoteName = keyof Notes;

export const NOTE_NAMES: readonly NoteName[] = [
  'read',
  'retry',
  'recover',
  'restart',
  'tool',
  'run',
  'call',
];
