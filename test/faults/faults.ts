import { errorEvent, PING, sse } from '../contract/wire.js';
import type { Script } from '../support/raw-server.js';
import { HALF_AN_EVENT } from './places.js';
import type { VirtualTime } from './virtual-time.js';

/** What a server does to an answer from some place on. */
export interface Fault {
  /** The rest of the body. */
  rest: (time: VirtualTime) => AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>;
  end: NonNullable<Script['end']>;
  /** It is in the head of the response, not in its body. */
  head?: Pick<Script, 'status' | 'headers'>;
  /** For how long the server asks us to wait before each retry, in milliseconds, at least and at most. */
  asks?: readonly [least: number, most: number];
}

const NOTHING = (): [] => [];

/** Bytes that are neither HTTP nor an event, nor UTF-8. */
export const NOISE = Uint8Array.from([0, 1, 0xff, 0xfe, 0xc3, ...Buffer.from('garbage\n\n: \n')]);

async function* every(
  time: VirtualTime,
  ms: number,
  pieces: Iterable<string>,
): AsyncGenerator<string> {
  for (const piece of pieces) {
    await time.sleep(ms);
    yield piece;
  }
}

function* forever(piece: string): Generator<string> {
  for (;;) yield piece;
}

/** Byte by byte, and never done. */
export function* dripped(begin: string): Generator<string> {
  yield* begin;
  yield* forever('a');
}

const error = (type: string): Fault => ({ rest: () => [sse(errorEvent(type))], end: 'hang' });

const status = (status: number, type: string, headers = {}, asks?: Fault['asks']): Fault => ({
  head: { status, headers: { 'content-type': 'application/json', ...headers } },
  rest: () => [JSON.stringify(errorEvent(type))],
  end: 'clean',
  ...(asks && { asks }),
});

/** The date is in whole seconds, and is compared with the time of day of this machine. */
const soon = (): string => new Date(Date.now() + 20_000).toUTCString();

export const FAULTS = {
  silence: { rest: NOTHING, end: 'hang' },
  'pings only': { rest: (time) => every(time, 15_000, forever(sse(PING))), end: 'hang' },
  'comments only': { rest: (time) => every(time, 15_000, forever(': alive\n\n')), end: 'hang' },
  drip: { rest: (time) => every(time, 10_000, dripped(HALF_AN_EVENT)), end: 'hang' },
  'clean end': { rest: NOTHING, end: 'clean' },
  reset: { rest: NOTHING, end: 'reset' },
  'half an event': { rest: () => [HALF_AN_EVENT], end: 'clean' },
  'bad JSON': { rest: () => [`${HALF_AN_EVENT}\n\n`], end: 'hang' },
  noise: { rest: () => [NOISE], end: 'clean' },
  invalid_request_error: error('invalid_request_error'),
  authentication_error: error('authentication_error'),
  billing_error: error('billing_error'),
  permission_error: error('permission_error'),
  not_found_error: error('not_found_error'),
  timeout_error: error('timeout_error'),
  conflict_error: error('conflict_error'),
  request_too_large: error('request_too_large'),
  rate_limit_error: error('rate_limit_error'),
  api_error: error('api_error'),
  overloaded_error: error('overloaded_error'),
  brand_new_error: error('brand_new_error'),
  'HTTP 400': status(400, 'invalid_request_error'),
  'HTTP 429': status(429, 'rate_limit_error'),
  'HTTP 429, 7 s': status(429, 'rate_limit_error', { 'retry-after': '7' }, [7_000, 7_000]),
  'HTTP 429, 0.25 s': status(429, 'rate_limit_error', { 'retry-after-ms': '250' }, [250, 250]),
  'HTTP 429, 1 h': status(429, 'rate_limit_error', { 'retry-after': '3600' }, [60_000, 60_000]),
  'HTTP 429, a date': status(429, 'rate_limit_error', { 'retry-after': soon() }, [0, 20_000]),
  'HTTP 500': status(500, 'api_error'),
  'HTTP 503, 7 s': status(503, 'api_error', { 'retry-after': '7' }, [7_000, 7_000]),
  'HTTP 529': status(529, 'overloaded_error'),
  'HTTP 529, 7 s': status(529, 'overloaded_error', { 'retry-after': '7' }, [7_000, 7_000]),
} satisfies Readonly<Record<string, Fault>>;

export type FaultName = keyof typeof FAULTS;
