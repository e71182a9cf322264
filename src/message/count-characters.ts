import { DELTAS } from './kinds.js';
import type { UntypedBlock } from './untyped.js';

/** How many characters of text and thinking there are in some blocks. */
export function countCharacters(blocks: readonly UntypedBlock[]): number {
  let characters = 0;
  for (const block of blocks) {
    for (const { fills, join } of DELTAS.values()) {
      const text = join === 'append' ? block[fills] : undefined;
      if (typeof text === 'string') characters += text.length;
    }
  }
  return characters;
}
