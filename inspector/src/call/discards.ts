import { type BlockTrack, countUpTo } from '../recording/block-track.js';
import type { Call } from './call.js';
import { memo } from './memo.js';

/** When a recovery discarded a block. */
export interface Discard {
  /** After the start of the call. */
  readonly at: number;
  /** How many events of the call were received by then. */
  readonly seen: number;
}

/** The blocks that were discarded: as a client noted it, or as a restart in the stream of a relay says it. */
export const discardsOf = memo((call: Call): ReadonlyMap<BlockTrack, Discard> => {
  const discards = new Map<BlockTrack, Discard>();
  /** The blocks of the message so far. */
  let message: BlockTrack[] = [];
  let before = 0;
  for (const attempt of call.attempts) {
    const offset = call.offsetOf(attempt);
    const { blocks, notes, times } = attempt;
    for (const { name, value, at } of notes) {
      if (name !== 'restart') continue;
      const discard = { at: offset + at, seen: before + countUpTo(times, at) };
      for (const block of message.slice(value.index)) discards.set(block, discard);
      message = message.slice(0, value.index);
    }
    for (const block of blocks) {
      const { discardedAt } = block;
      if (discardedAt === undefined) continue;
      const at = offset + (times[discardedAt] ?? attempt.lastAt);
      discards.set(block, { at, seen: before + discardedAt });
    }
    const kept = blocks.filter((block) => !discards.has(block));
    message.push(...(continues(message.at(-1), kept[0]) ? kept.slice(1) : kept));
    before += attempt.events.length;
  }
  return discards;
});

/** Whether a block is the rest of the text that was open when the stream broke: they are one block of the message. */
function continues(last: BlockTrack | undefined, next: BlockTrack | undefined): boolean {
  const isOpen = last?.family === 'text' && last.to === undefined;
  return isOpen && next?.family === 'text';
}
