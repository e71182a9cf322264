import type { UntypedBlock, UntypedDelta, UntypedEvent } from '../message/untyped.js';

/**
 * What one reader of text gets of each event: the text that a delta adds to a text block. A block of an unknown
 * type may take text deltas too: that text is no part of `getFinalText()`. It must see every event.
 * @returns undefined for events that bring no text.
 */
export function textReader(): (event: UntypedEvent) => string | undefined {
  const others = new Set<unknown>();
  return ({ type, index, delta, content_block }) => {
    if (type === 'content_block_start') {
      if ((content_block as UntypedBlock).type === 'text') others.delete(index);
      else others.add(index);
    }
    if (type !== 'content_block_delta') return undefined;
    const { type: kind, text } = delta as UntypedDelta;
    // An empty piece tells a reader of text nothing.
    return kind === 'text_delta' && !others.has(index) ? (text as string) || undefined : undefined;
  };
}
