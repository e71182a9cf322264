import { deltasBetween } from './deltas-between.js';
import { BLOCKS, DELTAS, type Join } from './kinds.js';
import type { UntypedBlock, UntypedDelta } from './untyped.js';

/** A block's start, and the deltas that bring what the start doesn't have. The input stays where it is. */
export function splitBlock(block: UntypedBlock): { start: UntypedBlock; deltas: UntypedDelta[] } {
  const empty = emptyFields(block, undefined);
  const isEmpty = Object.keys(empty).every((field) => empty[field] === block[field]);
  if (isEmpty) return { start: block, deltas: [] };
  const start = { ...block, ...empty };
  return { start, deltas: deltasBetween(start, block) };
}

/** A block's fields as its `content_block_start` has them: without what deltas bring. */
export function emptyFields(block: UntypedBlock, json: string | undefined): Partial<UntypedBlock> {
  const empty: Record<string, unknown> = {};
  for (const type of BLOCKS.get(block.type)?.deltas ?? []) {
    const { fills, join, isNullable } = DELTAS.get(type) as NonNullable<
      ReturnType<typeof DELTAS.get>
    >;
    // A field that the block doesn't have would be one more afterwards.
    if (!(fills in block)) continue;
    if (isNullable) empty[fills] = null;
    else if (emptied[join](block[fills], json)) empty[fills] = EMPTY[join];
  }
  return empty;
}

const EMPTY: Readonly<Record<Join, unknown>> = { append: '', replace: '', push: null, json: {} };

/** Whether a start is without the value: one that no delta brings stays. */
const emptied: Readonly<Record<Join, (value: unknown, json: string | undefined) => boolean>> = {
  append: () => true,
  replace: (value) => typeof value === 'string',
  push: (value) => Array.isArray(value) && value.length > 0,
  json: (_, json) => json !== undefined,
};
