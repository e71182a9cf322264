import { END, type Entry, indexAfter, isEnd, type Position } from '../engine.js';
import type { Replica } from '../replica.js';
import { fromWireId, toWireId } from '../wire-id.js';
import { createdOf } from './created.js';

/** The place before the first message. */
const START: Position = { epoch: 0, seq: 0 };

/**
 * The index in the log that an offset of the Durable Streams protocol names: an id of this stream, `-1` for its
 * start, `now` for its end. @returns undefined for one that is malformed, or of another stream.
 */
export function indexOfOffset(replica: Replica, offset: string): number | undefined {
  if (offset === '-1') return 0;
  if (offset === 'now') return replica.entries.length;
  if (createdOf(replica) !== undefined) return indexOfCount(replica, offset);
  const position = fromWireId(replica.claim?.tag ?? '', offset);
  return position && indexAfter(replica.entries, position);
}

/** Of a created stream, whose offsets count its writes. It may be one that this process does not know yet. */
function indexOfCount(replica: Replica, offset: string): number | undefined {
  const [tag, count = '', ...rest] = offset.split('.');
  if (tag !== replica.claim?.tag || rest.length > 0 || !COUNT.test(count)) return undefined;
  return Number(count);
}

const DIGITS = 15;
const COUNT = /^\d{15}$/;

/** The offset behind the entries before an index. */
export function offsetAt(replica: Replica, index: number): string {
  const { entries, end } = replica;
  if (createdOf(replica) !== undefined) {
    const count = Math.min(index, entries.length - (end === undefined ? 0 : 1));
    return `${replica.claim?.tag}.${String(count).padStart(DIGITS, '0')}`;
  }
  const last: Entry | undefined = entries[index - 1];
  const position = last === undefined ? START : isEnd(last) ? END : last;
  return toWireId(replica.claim?.tag ?? '', position);
}
