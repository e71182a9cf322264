import type { TraceHeaders } from '../trace/contexts.js';
import type { ErrorBody } from '../wire/errors.js';
import type { Created, ProducerPosition, Write } from './durable/payloads.js';
import { type Entry, isEnd } from './engine.js';

/*
 * What the entries of a relayed log say. All are JSON objects: an event of the stream as the API sends it, or
 * one of these.
 */

/** The first entry of an epoch. */
export interface Claim {
  /** See `toWireId`. */
  tag: string;
  /** SHA-256 of the params, to recognise a second `start` with the same ones. */
  hash?: string;
  /** It is a run of tools. */
  run?: true;
  /** Of a stream that was created by PUT, and its first content. */
  created?: Created;
  write?: Write | undefined;
}

/** How a log ended. */
export interface End {
  state: 'complete' | 'failed' | 'stopped';
  /** The error that readers get, as it is relayed: without what addresses and secrets are in. */
  error?: ErrorBody & { status?: number; error: { reason?: unknown } };
  /** Its own text, for readers in a process that shares the log. */
  message?: string;
  /** Who closed a stream that was created by PUT, and a random text: no other end is the same. */
  producer?: ProducerPosition | undefined;
  by?: string;
}

/** A note from producer to followers. Not part of the stream. */
export type Note =
  /** The producer gives the stream up: another process may claim it at once. */
  | { note: 'handover' }
  /** What leads to the producer's span; only where it is traced. */
  | { note: 'trace'; headers: TraceHeaders }
  /** The API has responded. */
  | { note: 'response'; headers: [name: string, value: string][] };

const NOTE = '{"note":';

export function encodeNote(note: Note): string {
  return JSON.stringify(note);
}

/** The note in a payload; undefined for an event. */
export function noteIn(payload: string): Note | undefined {
  return payload.startsWith(NOTE) ? (JSON.parse(payload) as Note) : undefined;
}

/** Whether an entry is an event of the stream: no claim, no note, and not the end. */
export function isEvent(entry: Entry): boolean {
  return entry.seq > 0 && !isEnd(entry) && !entry.payload.startsWith(NOTE);
}

const EVENT_TYPE = /^\{"type":"([^"\\]+)"/;

/** The type of the event in a payload. */
export function eventType(payload: string): string {
  return EVENT_TYPE.exec(payload)?.[1] ?? (JSON.parse(payload) as { type: string }).type;
}
