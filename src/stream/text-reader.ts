import { BLOCKS } from '../message/kinds.js';
import type { UntypedBlock, UntypedDelta, UntypedEvent } from '../message/untyped.js';

/**
 * What one reader of text gets of each event: the text that a delta adds to a text block. A block of an unknown
 * type may take text deltas too: that text is no part of `getFinalText()`. It must see every event.
 * @returns undefined for events that bring no text.
 */
export function textReader(): (event: UntypedEvent) => string | undefined {
  const others = new Set<unknown>();
  return (event) => {
    if (event.type === 'content_block_delta') {
      const { type, text } = event.delta as UntypedDelta;
      if (type !== 'text_delta' || (others.size > 0 && others.has(event.index))) return undefined;
      // An empty piece tells a reader of text nothing.
      return (text as string) || undefined;
    }
    if (event.type === 'content_block_start') {
      // Those of known types take no deltas of another kind.
      if (BLOCKS.has((event.content_block as UntypedBlock).type)) others.delete(event.index);
      else others.add(event.index);
    }
    return undefined;
  };
}
