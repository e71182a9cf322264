import { END, type Entry, indexAfter, isEnd, type Position } from '../engine.js';
import type { Replica } from '../replica.js';
import { fromWireId, toWireId } from '../wire-id.js';

/** The place before the first message. */
const START: Position = { epoch: 0, seq: 0 };

/**
 * The index in the log that an offset of the Durable Streams protocol names: an id of this stream, `-1` for its
 * start, `now` for its end. @returns undefined for one that is malformed, or of another stream.
 */
export function indexOfOffset(replica: Replica, offset: string): number | undefined {
  if (offset === '-1') return 0;
  if (offset === 'now') return replica.entries.length;
  const position = fromWireId(replica.claim?.tag ?? '', offset);
  return position && indexAfter(replica.entries, position);
}

/** The offset behind the entries before an index. */
export function offsetAt(replica: Replica, index: number): string {
  const last: Entry | undefined = replica.entries[index - 1];
  const position = last === undefined ? START : isEnd(last) ? END : last;
  return toWireId(replica.claim?.tag ?? '', position);
}
