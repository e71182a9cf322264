import { type Entry, isEnd } from '../engine.js';
import { type End, isEvent } from '../payloads.js';
import type { Replica } from '../replica.js';
import { offsetAt } from './offset.js';

/** The most that one response has, in characters: clients ask again for more. */
const CHUNK = 1_048_576;

/** A part of a stream as messages, and where it ends. */
export interface Chunk {
  /** Each is JSON. */
  messages: string[];
  /** The index of the entry after it. */
  next: number;
  nextOffset: string;
  isUpToDate: boolean;
  isClosed: boolean;
}

/** The messages from an index on: one for each event, and one for the error that the stream ended with. */
export function chunkFrom(replica: Replica, from: number): Chunk {
  const { entries } = replica;
  const messages: string[] = [];
  let next = from;
  for (let size = 0; next < entries.length && size < CHUNK; next++) {
    const message = messageIn(entries[next] as Entry);
    if (message === undefined) continue;
    messages.push(message);
    size += message.length;
  }
  const isUpToDate = next >= entries.length;
  return {
    messages,
    next,
    nextOffset: offsetAt(replica, next),
    isUpToDate,
    isClosed: isUpToDate && replica.end !== undefined,
  };
}

function messageIn(entry: Entry): string | undefined {
  if (!isEnd(entry)) return isEvent(entry) ? entry.payload : undefined;
  const { error } = JSON.parse(entry.payload) as End;
  return error && JSON.stringify(error);
}
