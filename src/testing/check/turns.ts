import type { UntypedBlock } from '../../message/untyped.js';

/** A message as it is sent. */
export interface Message {
  readonly role: string;
  readonly content: string | readonly UntypedBlock[];
}

/** A block of a turn, and its path as the API names it. */
export interface Placed {
  readonly block: UntypedBlock;
  readonly path: string;
}

/** Consecutive messages of one role: to the API they are one turn. */
export interface Turn {
  readonly role: string;
  readonly path: string;
  readonly blocks: Placed[];
}

/**
 * The turns of a conversation. The API joins consecutive messages of one role before it numbers them,
 * so that the second of two user messages is `messages.0.content.1`.
 */
export function joinTurns(messages: readonly Message[], path: string): Turn[] {
  const turns: Turn[] = [];
  for (const { role, content } of messages) {
    let turn = turns.at(-1);
    if (turn?.role !== role) {
      turn = { role, path: `${path}.${turns.length}`, blocks: [] };
      turns.push(turn);
    }
    for (const block of toBlocks(content)) {
      turn.blocks.push({ block, path: `${turn.path}.content.${turn.blocks.length}` });
    }
  }
  return turns;
}

function toBlocks(content: Message['content'] | undefined): readonly UntypedBlock[] {
  if (typeof content !== 'string') return content ?? [];
  return content === '' ? [] : [{ type: 'text', text: content }];
}
