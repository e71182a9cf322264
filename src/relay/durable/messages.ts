import { type Entry, isEnd } from '../engine.js';
import { type End, isEvent } from '../payloads.js';
import type { Replica } from '../replica.js';
import { bytesOf, createdOf, writeIn } from './created.js';
import { offsetAt } from './offset.js';

/** The most that one response has, in characters: clients ask again for more. */
const CHUNK = 1_048_576;

/** A part of a stream as messages, and where it ends. */
export interface Chunk {
  /** Each is JSON. */
  messages: string[];
  /** The content of a stream that is not JSON, in place of messages. */
  pieces: Uint8Array[];
  /** The index of the entry after it. */
  next: number;
  nextOffset: string;
  isUpToDate: boolean;
  isClosed: boolean;
}

/** What there is from an index on. */
export function chunkFrom(replica: Replica, from: number): Chunk {
  const { entries } = replica;
  const take = createdOf(replica) === undefined ? takeEvent : takeWrite;
  const messages: string[] = [];
  const pieces: Uint8Array[] = [];
  let next = from;
  for (let size = 0; next < entries.length && size < CHUNK; next++) {
    const entry = entries[next] as Entry;
    take(entry, messages, pieces);
    size += entry.payload.length;
  }
  const isUpToDate = next >= entries.length;
  return {
    messages,
    pieces,
    next,
    nextOffset: offsetAt(replica, next),
    isUpToDate,
    isClosed: isUpToDate && replica.end !== undefined,
  };
}

/** One message for each event, and one for the error that the stream ended with. */
function takeEvent(entry: Entry, messages: string[]): void {
  if (isEvent(entry)) messages.push(entry.payload);
  if (!isEnd(entry)) return;
  const { error } = JSON.parse(entry.payload) as End;
  if (error !== undefined) messages.push(JSON.stringify(error));
}

function takeWrite(entry: Entry, messages: string[], pieces: Uint8Array[]): void {
  const write = writeIn(entry);
  if (write === undefined) return;
  if (write.json === undefined) pieces.push(bytesOf(write));
  for (const message of write.json ?? []) messages.push(JSON.stringify(message));
}

export function isEmpty({ messages, pieces }: Chunk): boolean {
  return messages.length === 0 && pieces.length === 0;
}

export function sizeOf(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((size, { length }) => size + length, 0);
}
