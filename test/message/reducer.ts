import type {
  UntypedBlock,
  UntypedDelta,
  UntypedEvent,
  UntypedMessage,
} from '../../src/message/untyped.js';

/**
 * The table of WIRE in the plainest words: changes one object in place, and takes no care of speed.
 * What the library makes of a stream is held against it.
 * @returns the message, with `input` left out of tool calls whose JSON is not whole.
 */
export function reduce(events: readonly UntypedEvent[]): UntypedMessage | undefined {
  const state: State = { message: undefined, blocks: new Map() };
  for (const event of events) onEvent.get(event.type)?.(state, structuredClone(event));
  if (state.message === undefined) return undefined;
  const byIndex = [...state.blocks].sort(([a], [b]) => a - b).map(([, block]) => block);
  return { ...state.message, content: byIndex.map(finished) };
}

interface Block {
  block: UntypedBlock;
  json?: string;
  stopped?: boolean;
}

interface State {
  message: UntypedMessage | undefined;
  blocks: Map<number, Block>;
}

const onEvent = table<(state: State, event: UntypedEvent) => void>({
  message_start: (state, event) => {
    if (state.message !== undefined) return;
    const message = event.message as UntypedMessage;
    state.message = { ...message, usage: message.usage ?? { input_tokens: 0, output_tokens: 0 } };
    for (const [index, block] of message.content.entries()) {
      state.blocks.set(index, { block, stopped: true });
    }
  },
  content_block_start: ({ message, blocks }, event) => {
    const block = event.content_block as UntypedBlock;
    blocks.set(event.index as number, { block });
    const { model } = (block.to ?? {}) as { model?: unknown };
    if (message && block.type === 'fallback' && typeof model === 'string') message.model = model;
  },
  content_block_delta: ({ blocks }, event) => {
    const at = blocks.get(event.index as number);
    const delta = event.delta as UntypedDelta;
    if (at !== undefined) onDelta.get(delta.type)?.(at, delta);
  },
  content_block_stop: ({ blocks }, event) => {
    Object.assign(blocks.get(event.index as number) ?? {}, { stopped: true });
  },
  message_delta: ({ message }, { type: _, delta, usage, ...additions }) => {
    if (message === undefined) return;
    const { container, ...stop } = fieldsOf(delta);
    const counters = { ...fieldsOf(message.usage), ...withValue(fieldsOf(usage)) };
    Object.assign(message, stop, withValue({ container }), withValue(additions));
    message.usage = counters;
  },
});

const onDelta = table<(at: Block, delta: UntypedDelta) => void>({
  text_delta: ({ block }, { text }) => {
    block.text = `${block.text ?? ''}${text}`;
  },
  thinking_delta: ({ block }, { thinking }) => {
    block.thinking = `${block.thinking ?? ''}${thinking}`;
  },
  signature_delta: ({ block }, { signature }) => {
    block.signature = signature;
  },
  citations_delta: ({ block }, { citation }) => {
    block.citations = [...((block.citations as unknown[] | null) ?? []), citation];
  },
  compaction_delta: ({ block }, delta) => {
    block.content = delta.content;
    if ('encrypted_content' in delta) block.encrypted_content = delta.encrypted_content;
  },
  input_json_delta: (at, { partial_json }) => {
    at.json = `${at.json ?? ''}${partial_json}`;
  },
});

function finished({ block, json, stopped }: Block): UntypedBlock {
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

/** A Map: a type such as `__proto__` is in none. */
function table<Rule>(rules: Record<string, Rule>): ReadonlyMap<string, Rule> {
  return new Map(Object.entries(rules));
}

/** What is no object has no fields: a string spreads into its characters, and a list into its items. */
function fieldsOf(value: unknown): Record<string, unknown> {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? { ...value } : {};
}
