/*
 * What the accumulator sees of the wire: shapes that any API version has. The exact types of
 * src/wire are for users; here every field may be missing or new.
 */

export interface LooseBlock {
  type: string;
  [field: string]: unknown;
}

export interface LooseDelta {
  type: string;
  [field: string]: unknown;
}

export interface LooseMessage {
  content: LooseBlock[];
  usage?: Record<string, unknown> | null;
  [field: string]: unknown;
}

export interface LooseEvent {
  type: string;
  [field: string]: unknown;
}

/** The fields that have a value: neither null nor undefined. */
export function given(values: unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values ?? {}).filter(([, value]) => value != null));
}
