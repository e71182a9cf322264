import type { UntypedDelta, UntypedEvent } from '../message/untyped.js';

/** The text that an event brings; undefined where it brings none. */
export function textDelta(event: UntypedEvent): string | undefined {
  if (event.type !== 'content_block_delta') return undefined;
  const delta = event.delta as UntypedDelta;
  // An empty piece tells a reader of text nothing.
  return delta.type === 'text_delta' ? (delta.text as string) || undefined : undefined;
}
