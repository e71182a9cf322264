import { FAULTS, type FaultName } from './faults.js';
import { PLACES, type PlaceName } from './places.js';

/*
 * What comes of each fault at each place: how many requests are sent, and how the stream ends. A phase
 * is an APITimeoutError of that phase; other words are error classes without `Error`.
 *
 * Impossible are: (a) anything from a server without a connection; (b) events before the headers of
 * their response; (c) another status after the headers. `HTTP …` comes where no headers came before.
 */
const TABLE = `
                      | no connect      | no headers       | headers only       | after message_start | in text            | in thinking        | in tool input      | between blocks     | after message_delta
silence               | 3 response      | 3 response       | 3 idle             | 3 idle              | 1 idle             | 1 idle             | 1 idle             | 1 idle             | 1 complete
pings only            | (a)             | (b)              | 3 stall            | 3 stall             | 1 stall            | 1 stall            | 1 stall            | 1 stall            | 1 complete
comments only         | (a)             | (b)              | 3 stall            | 3 stall             | 1 stall            | 1 stall            | 1 stall            | 1 stall            | 1 complete
drip                  | (a)             | 3 response       | 3 stall            | 3 stall             | 1 stall            | 1 stall            | 1 stall            | 1 stall            | 1 complete
clean end             | (a)             | 3 APIConnection  | 3 StreamTruncated  | 3 StreamTruncated   | 1 StreamTruncated  | 1 StreamTruncated  | 1 StreamTruncated  | 1 StreamTruncated  | 1 complete
reset                 | 3 APIConnection | 3 APIConnection  | 3 APIConnection    | 3 APIConnection     | 1 APIConnection    | 1 APIConnection    | 1 APIConnection    | 1 APIConnection    | 1 complete
half an event         | (a)             | (b)              | 3 StreamTruncated  | 3 StreamTruncated   | 1 StreamTruncated  | 1 StreamTruncated  | 1 StreamTruncated  | 1 StreamTruncated  | 1 complete
bad JSON              | (a)             | (b)              | 1 StreamProtocol   | 1 StreamProtocol    | 1 StreamProtocol   | 1 StreamProtocol   | 1 StreamProtocol   | 1 StreamProtocol   | 1 StreamProtocol
noise                 | (a)             | 1 APIConnection  | 3 StreamTruncated  | 3 StreamTruncated   | 1 StreamTruncated  | 1 StreamTruncated  | 1 StreamTruncated  | 1 StreamTruncated  | 1 complete
invalid_request_error | (a)             | (b)              | 1 BadRequest       | 1 BadRequest        | 1 BadRequest       | 1 BadRequest       | 1 BadRequest       | 1 BadRequest       | 1 BadRequest
authentication_error  | (a)             | (b)              | 1 Authentication   | 1 Authentication    | 1 Authentication   | 1 Authentication   | 1 Authentication   | 1 Authentication   | 1 Authentication
billing_error         | (a)             | (b)              | 1 PaymentRequired  | 1 PaymentRequired   | 1 PaymentRequired  | 1 PaymentRequired  | 1 PaymentRequired  | 1 PaymentRequired  | 1 PaymentRequired
permission_error      | (a)             | (b)              | 1 PermissionDenied | 1 PermissionDenied  | 1 PermissionDenied | 1 PermissionDenied | 1 PermissionDenied | 1 PermissionDenied | 1 PermissionDenied
not_found_error       | (a)             | (b)              | 1 NotFound         | 1 NotFound          | 1 NotFound         | 1 NotFound         | 1 NotFound         | 1 NotFound         | 1 NotFound
timeout_error         | (a)             | (b)              | 3 RequestTimeout   | 3 RequestTimeout    | 1 RequestTimeout   | 1 RequestTimeout   | 1 RequestTimeout   | 1 RequestTimeout   | 1 RequestTimeout
conflict_error        | (a)             | (b)              | 3 Conflict         | 3 Conflict          | 1 Conflict         | 1 Conflict         | 1 Conflict         | 1 Conflict         | 1 Conflict
request_too_large     | (a)             | (b)              | 1 RequestTooLarge  | 1 RequestTooLarge   | 1 RequestTooLarge  | 1 RequestTooLarge  | 1 RequestTooLarge  | 1 RequestTooLarge  | 1 RequestTooLarge
rate_limit_error      | (a)             | (b)              | 3 RateLimit        | 3 RateLimit         | 1 RateLimit        | 1 RateLimit        | 1 RateLimit        | 1 RateLimit        | 1 RateLimit
api_error             | (a)             | (b)              | 3 InternalServer   | 3 InternalServer    | 1 InternalServer   | 1 InternalServer   | 1 InternalServer   | 1 InternalServer   | 1 InternalServer
overloaded_error      | (a)             | (b)              | 3 Overloaded       | 3 Overloaded        | 1 Overloaded       | 1 Overloaded       | 1 Overloaded       | 1 Overloaded       | 1 Overloaded
brand_new_error       | (a)             | (b)              | 1 APIStatus        | 1 APIStatus         | 1 APIStatus        | 1 APIStatus        | 1 APIStatus        | 1 APIStatus        | 1 APIStatus
HTTP 400              | (a)             | 1 BadRequest     | (c)                | (c)                 | (c)                | (c)                | (c)                | (c)                | (c)
HTTP 429              | (a)             | 3 RateLimit      | (c)                | (c)                 | (c)                | (c)                | (c)                | (c)                | (c)
HTTP 429, 7 s         | (a)             | 3 RateLimit      | (c)                | (c)                 | (c)                | (c)                | (c)                | (c)                | (c)
HTTP 429, 0.25 s      | (a)             | 3 RateLimit      | (c)                | (c)                 | (c)                | (c)                | (c)                | (c)                | (c)
HTTP 429, 1 h         | (a)             | 3 RateLimit      | (c)                | (c)                 | (c)                | (c)                | (c)                | (c)                | (c)
HTTP 429, a date      | (a)             | 3 RateLimit      | (c)                | (c)                 | (c)                | (c)                | (c)                | (c)                | (c)
HTTP 500              | (a)             | 3 InternalServer | (c)                | (c)                 | (c)                | (c)                | (c)                | (c)                | (c)
HTTP 503, 7 s         | (a)             | 3 ServiceUnavailable | (c)                | (c)                 | (c)                | (c)                | (c)                | (c)                | (c)
HTTP 529              | (a)             | 3 Overloaded     | (c)                | (c)                 | (c)                | (c)                | (c)                | (c)                | (c)
HTTP 529, 7 s         | (a)             | 3 Overloaded     | (c)                | (c)                 | (c)                | (c)                | (c)                | (c)                | (c)
`;

/** A cell of the matrix. */
export interface Cell {
  place: PlaceName;
  fault: FaultName;
  /** As it is written in the table; undefined where it is not stated. */
  stated: string | undefined;
}

/** Every fault at every place, whether the table has it or not. */
export const CELLS: readonly Cell[] = product(parse(TABLE));

export const IMPOSSIBLE = /^\([abc]\)$/;

/** What a cell says. */
export interface Expected {
  requests: number;
  /** The class and for timeouts the phase; undefined for a complete message. */
  error: { name: string; phase?: string } | undefined;
}

const PHASES = new Set(['response', 'idle', 'stall', 'total']);

export function expectedOf({ stated = '' }: Cell): Expected {
  const [requests, what = ''] = stated.split(' ');
  if (what === 'complete') return { requests: Number(requests), error: undefined };
  const error = PHASES.has(what)
    ? { name: 'APITimeoutError', phase: what }
    : { name: `${what}Error` };
  return { requests: Number(requests), error };
}

function parse(table: string): Map<string, string> {
  const [head = [], ...rows] = table
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.split('|').map((cell) => cell.trim()));
  const cells = rows.flatMap(([fault, ...row]) =>
    row.map((cell, n) => [`${head[n + 1]} × ${fault}`, cell] as const),
  );
  return new Map(cells);
}

function product(stated: Map<string, string>): Cell[] {
  const places = Object.keys(PLACES) as PlaceName[];
  const faults = Object.keys(FAULTS) as FaultName[];
  return places.flatMap((place) =>
    faults.map((fault) => ({ place, fault, stated: stated.get(`${place} × ${fault}`) })),
  );
}
