import { isRecord } from '../json/is-record.js';
import { setOwn } from '../json/set-own.js';

/*
 * What the accumulator sees of the wire: shapes that any API version has. The exact types of
 * src/wire are for users; here every field may be missing or new.
 */

export interface UntypedBlock {
  type: string;
  [field: string]: unknown;
}

export interface UntypedDelta {
  type: string;
  [field: string]: unknown;
}

export interface UntypedMessage {
  content: UntypedBlock[];
  usage?: Record<string, unknown> | null;
  [field: string]: unknown;
}

export interface UntypedEvent {
  type: string;
  [field: string]: unknown;
}

/** Adds fields to an object, in place: nothing is copied for each event. */
export function assign(target: Record<string, unknown>, fields: unknown): void {
  if (!isRecord(fields)) return;
  for (const name of Object.keys(fields)) setOwn(target, name, fields[name]);
}

/** The same for those that have a value: neither null nor undefined. */
export function assignKnown(target: Record<string, unknown>, fields: unknown): void {
  if (!isRecord(fields)) return;
  for (const name of Object.keys(fields)) {
    if (fields[name] != null) setOwn(target, name, fields[name]);
  }
}
