import type { LooseBlock, LooseDelta, LooseEvent, LooseMessage } from '../../src/message/loose.js';

/**
 * The table of WIRE in the plainest words: changes one object in place, and takes no care of speed.
 * What the library makes of a stream is held against it.
 * @returns the message, with `input` left out of tool calls whose JSON is not whole.
 */
export function reduce(events: readonly LooseEvent[]): LooseMessage | undefined {
  const state: State = { message: undefined, blocks: new Map() };
  for (const event of events) onEvent[event.type]?.(state, structuredClone(event));
  if (state.message === undefined) return undefined;
  const byIndex = [...state.blocks].sort(([a], [b]) => a - b).map(([, block]) => block);
  return { ...state.message, content: byIndex.map(finished) };
}

interface Block {
  block: LooseBlock;
  json?: string;
  stopped?: boolean;
}

interface State {
  message: LooseMessage | undefined;
  blocks: Map<number, Block>;
}

const onEvent: Record<string, (state: State, event: LooseEvent) => void> = {
  message_start: (state, event) => {
    state.message ??= event.message as LooseMessage;
  },
  content_block_start: ({ message, blocks }, event) => {
    const block = event.content_block as LooseBlock;
    blocks.set(event.index as number, { block });
    if (block.type === 'fallback') Object.assign(message ?? {}, block.to);
  },
  content_block_delta: ({ blocks }, event) => {
    const at = blocks.get(event.index as number);
    const delta = event.delta as LooseDelta;
    if (at !== undefined) onDelta[delta.type]?.(at, delta);
  },
  content_block_stop: ({ blocks }, event) => {
    Object.assign(blocks.get(event.index as number) ?? {}, { stopped: true });
  },
  message_delta: ({ message }, { type: _, delta, usage, ...additions }) => {
    const { container, ...stop } = delta as LooseDelta;
    Object.assign(message ?? {}, stop, withValue({ container }), withValue(additions));
    Object.assign(message?.usage ?? {}, withValue(usage ?? {}));
  },
};

const onDelta: Record<string, (at: Block, delta: LooseDelta) => void> = {
  text_delta: ({ block }, { text }) => {
    block.text = `${block.text}${text}`;
  },
  thinking_delta: ({ block }, { thinking }) => {
    block.thinking = `${block.thinking}${thinking}`;
  },
  signature_delta: ({ block }, { signature }) => {
    block.signature = signature;
  },
  citations_delta: ({ block }, { citation }) => {
    block.citations = [...((block.citations as unknown[] | null) ?? []), citation];
  },
  compaction_delta: ({ block }, { type: _, ...replaced }) => {
    Object.assign(block, replaced);
  },
  input_json_delta: (at, { partial_json }) => {
    at.json = `${at.json ?? ''}${partial_json}`;
  },
};

function finished({ block, json, stopped }: Block): LooseBlock {
  if (json === undefined && stopped) return block;
  const { input: _, ...rest } = block;
  if (!stopped) return rest;
  if (json === '') return { ...rest, input: {} };
  try {
    return { ...rest, input: JSON.parse(json ?? '') };
  } catch {
    return rest;
  }
}

function withValue(values: object): object {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value != null));
}
