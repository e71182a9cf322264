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

/** The fields that have a value: neither null nor undefined. */
export function omitNullish(values: unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values ?? {}).filter(([, value]) => value != null));
}
