import type { AnyMessage } from '../wire/beta.js';
import type { RawMessageStreamEvent } from '../wire/events.js';
import type { LooseBlock, LooseEvent } from './loose.js';
import { mergedDeltas } from './merged.js';
import { rememberedInput } from './tool-input.js';

/**
 * A message as a stream of events, in the fewest events: per block one start, one delta of each
 * kind, its stop. Accumulated again they give an equal message. A tool call that was cut gets no
 * stop: that would make it look finished.
 */
export function replay<M extends AnyMessage>(message: M): RawMessageStreamEvent<M>[] {
  const { content, stop_reason, stop_sequence, stop_details, ...rest } = message;
  const stop = {
    stop_reason,
    stop_sequence,
    ...(stop_details === undefined ? {} : { stop_details }),
  };
  const empty = Object.fromEntries(Object.keys(stop).map((field) => [field, null]));
  const events: LooseEvent[] = [
    { type: 'message_start', message: { ...rest, content: [], ...empty } },
    ...(content as unknown as LooseBlock[]).flatMap(replayBlock),
    { type: 'message_delta', delta: stop, usage: rest.usage },
    { type: 'message_stop' },
  ];
  return events as unknown as RawMessageStreamEvent<M>[];
}

function replayBlock(block: LooseBlock, index: number): LooseEvent[] {
  const start = (emptied.get(block.type) ?? asItIs)(block);
  return [
    { type: 'content_block_start', index, content_block: start },
    ...mergedDeltas(start, block, jsonOf(block)).map((delta) => ({
      type: 'content_block_delta',
      index,
      delta,
    })),
    ...(isCut(block) ? [] : [{ type: 'content_block_stop', index }]),
  ];
}

type Empty = (block: LooseBlock) => LooseBlock;

// A copy: what is remembered of an unfinished input must not get to the finished block.
const asItIs: Empty = (block) => ({ ...block });
const withoutInput: Empty = (block) =>
  isCut(block) || jsonOf(block) === undefined ? asItIs(block) : { ...block, input: {} };

/** A block as its `content_block_start` gives it: without what deltas bring. */
const emptied: ReadonlyMap<string, Empty> = new Map<string, Empty>([
  [
    'text',
    (block) => ({ ...block, text: '', ...(isFilled(block.citations) ? { citations: null } : {}) }),
  ],
  [
    'thinking',
    (block) => ({
      ...block,
      thinking: '',
      ...(typeof block.signature === 'string' ? { signature: '' } : {}),
    }),
  ],
  ['tool_use', withoutInput],
  ['server_tool_use', withoutInput],
  ['mcp_tool_use', withoutInput],
  ['compaction', (block) => ({ ...block, content: null })],
]);

function isCut(block: LooseBlock): boolean {
  return rememberedInput(block)?.status === 'cut';
}

function isFilled(list: unknown): boolean {
  return Array.isArray(list) && list.length > 0;
}

function jsonOf(block: LooseBlock): string | undefined {
  if (!('input' in block)) return undefined;
  return rememberedInput(block)?.json ?? JSON.stringify(block.input);
}
