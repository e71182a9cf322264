import type { AnyMessage } from '../wire/beta.js';
import type { RawMessageStreamEvent } from '../wire/events.js';
import { deltasBetween } from './deltas-between.js';
import { inputState, withoutInputState } from './input-state.js';
import { emptyFields } from './split-block.js';
import type { UntypedBlock, UntypedEvent } from './untyped.js';

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

function jsonOf(block: UntypedBlock): string | undefined {
  if (!('input' in block)) return undefined;
  return inputState(block)?.json ?? JSON.stringify(block.input);
}
