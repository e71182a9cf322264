import type { Fault, Place } from '../model/fault.js';
import { breakAt, fail } from './change-answer.js';
import type { FaultRow } from './fault-row.js';

/** Faults of HTTP/2 itself. */
export interface Http2FaultMakers {
  /**
   * HTTP/2: the server takes no more streams over this connection (GOAWAY) and has not processed this one. This
   * and the four below need `serve` with `tls`; elsewhere the connection is reset, or for `silence` stalls.
   */
  goaway(): Fault;
  /** HTTP/2: the stream is refused (REFUSED_STREAM). */
  refuseStream(): Fault;
  /** HTTP/2: the stream is reset, as there are too many (ENHANCE_YOUR_CALM). */
  calm(): Fault;
  /** HTTP/2: only this stream is reset (INTERNAL_ERROR): at a place in the body, or instead of the headers. */
  resetStream(place?: Place): Fault;
  /** HTTP/2: nothing arrives any more over the whole connection, and no PING is answered. */
  silence(place?: Place): Fault;
}

const resetStream = (place?: Place): Fault => breakAt('reset-stream', place, 'reset-stream');
const silence = (place?: Place): Fault => breakAt('silence', place, 'silence');

/** Rows of the table of faults. */
export const HTTP2_FAULTS: {
  readonly [K in keyof Http2FaultMakers]: FaultRow<Http2FaultMakers[K]>;
} = {
  goaway: instead('goaway', 'goaway'),
  refuseStream: instead('refuse-stream', 'refused-stream'),
  calm: instead('calm', 'calm'),
  resetStream: {
    make: resetStream,
    specs: { 'reset-stream': ['', '[@WHERE]', (_, place) => resetStream(place)] },
  },
  silence: {
    make: silence,
    specs: { silence: ['', '[@WHERE]', (_, place) => silence(place)] },
  },
};

/** Something in place of a response. */
function instead(name: string, failure: Parameters<typeof fail>[1]): FaultRow<() => Fault> {
  const make = (): Fault => fail(name, failure);
  return { make, specs: { [name]: ['', '', make] } };
}
