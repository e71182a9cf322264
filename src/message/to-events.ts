import type { AnyMessage } from '../wire/beta.js';
import type { RawMessageStreamEvent } from '../wire/events.js';
import { deltasBetween } from './deltas-between.js';
import { inputState, withoutInputState } from './input-state.js';
import { BLOCKS, DELTAS, type Join } from './kinds.js';
import type { UntypedBlock, UntypedDelta, UntypedEvent } from './untyped.js';

/**
 * A message as a stream of events, in the fewest events: per block one start, one delta of each
 * kind, its stop. Accumulated again they give an equal message. A tool call that is still open gets
 * no stop: that would make it look finished.
 */
export function toEvents<M extends AnyMessage>(message: M): RawMessageStreamEvent<M>[] {
  const { content, stop_reason, stop_sequence, stop_details, ...rest } = message;
  const stop = {
    stop_reason,
    stop_sequence,
    ...(stop_details === undefined ? {} : { stop_details }),
  };
  const empty = Object.fromEntries(Object.keys(stop).map((field) => [field, null]));
  const events: UntypedEvent[] = [
    { type: 'message_start', message: { ...rest, content: [], ...empty } },
    ...(content as unknown as UntypedBlock[]).flatMap(blockEvents),
    { type: 'message_delta', delta: stop, usage: rest.usage },
    { type: 'message_stop' },
  ];
  return events as unknown as RawMessageStreamEvent<M>[];
}

function blockEvents(block: UntypedBlock, index: number): UntypedEvent[] {
  const whole = withoutInputState(block);
  const json = jsonOf(block);
  const status = inputState(block)?.status;
  // Where there is only a part of an input, it stays in the start: its JSON may bring less.
  const isPartial = status === 'open' || status === 'cut';
  const start = { ...whole, ...emptyFields(whole, isPartial ? undefined : json) };
  // Nothing else would say that `message_stop` doesn't finish it.
  const content_block = status === 'open' ? { ...start, inputState: { status, json: '' } } : start;
  return [
    { type: 'content_block_start', index, content_block },
    ...deltasBetween(start, whole, json).map((delta) => ({
      type: 'content_block_delta',
      index,
      delta,
    })),
    ...(status === 'open' ? [] : [{ type: 'content_block_stop', index }]),
  ];
}

/** A block's start, and the deltas that bring what the start doesn't have. The input stays where it is. */
export function splitBlock(block: UntypedBlock): { start: UntypedBlock; deltas: UntypedDelta[] } {
  const empty = emptyFields(block, undefined);
  const isEmpty = Object.keys(empty).every((field) => empty[field] === block[field]);
  if (isEmpty) return { start: block, deltas: [] };
  const start = { ...block, ...empty };
  return { start, deltas: deltasBetween(start, block) };
}

/** A block's fields as its `content_block_start` has them: without what deltas bring. */
function emptyFields(block: UntypedBlock, json: string | undefined): Partial<UntypedBlock> {
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

function jsonOf(block: UntypedBlock): string | undefined {
  if (!('input' in block)) return undefined;
  return inputState(block)?.json ?? JSON.stringify(block.input);
}
