import type { LooseDelta, LooseEvent } from '../message/loose.js';
import type { Item } from './protocol.js';

/**
 * Deltas of one string each, of one kind and for one block, that came one after the other. As a list of
 * strings they cross to the other thread for a twentieth of what as many events cost.
 */
export interface Run {
  run: string;
  index: unknown;
  pieces: string[];
}

/** Delta type → the field of its string, and the delta again. */
const KINDS: Readonly<Record<string, [field: string, delta: (piece: string) => LooseDelta]>> = {
  text_delta: ['text', (text) => ({ type: 'text_delta', text })],
  thinking_delta: ['thinking', (thinking) => ({ type: 'thinking_delta', thinking })],
  input_json_delta: [
    'partial_json',
    (partial_json) => ({ type: 'input_json_delta', partial_json }),
  ],
};

/** The items as they cross. */
export function packed(items: readonly Item[]): (Item | Run)[] {
  const packed: (Item | Run)[] = [];
  let last: Run | undefined;
  for (const item of items) {
    const run = runOf(item);
    if (run !== undefined && run.run === last?.run && run.index === last.index) {
      last.pieces.push(...run.pieces);
    } else {
      packed.push(run ?? item);
      last = run;
    }
  }
  return packed;
}

/** The items again. */
export function unpacked(items: readonly (Item | Run)[]): Item[] {
  return items.flatMap((item) => (isRun(item) ? eventsOf(item) : [item]));
}

/** Events may have any fields, but all have a type. */
function isRun(item: Item | Run): item is Run {
  return 'run' in item && !('type' in item);
}

/** An event as a run of one, where it is a delta of one string and nothing else. */
function runOf(item: Item): Run | undefined {
  const { type, index, delta } = item as LooseEvent;
  if (type !== 'content_block_delta' || Object.keys(item).length !== 3) return undefined;
  const { type: run } = (delta ?? {}) as LooseDelta;
  if (!Object.hasOwn(KINDS, run) || Object.keys(delta as object).length !== 2) return undefined;
  const [field] = KINDS[run] as (typeof KINDS)[string];
  const piece = (delta as LooseDelta)[field];
  return typeof piece === 'string' && index !== undefined
    ? { run, index, pieces: [piece] }
    : undefined;
}

function eventsOf({ run, index, pieces }: Run): LooseEvent[] {
  const [, delta] = KINDS[run] as (typeof KINDS)[string];
  return pieces.map((piece) => ({ type: 'content_block_delta', index, delta: delta(piece) }));
}
