import type {
  UntypedBlock,
  UntypedDelta,
  UntypedEvent,
  UntypedMessage,
} from '../../src/message/untyped.js';
import { asInput } from './events.js';

/**
 * The table of WIRE in the plainest words: changes one object in place, and takes no care of speed.
 * What the library makes of a stream is held against it.
 * @returns the message, with `input` left out of tool calls whose JSON is not whole.
 */
export function reduce(events: readonly UntypedEvent[]): UntypedMessage | undefined {
  const state: State = { message: undefined, blocks: new Map(), places: new Map() };
  for (const event of events) onEvent.get(event.type)?.(state, structuredClone(event));
  // Of a message that never started, the blocks are known.
  if (state.message === undefined && state.blocks.size > 0) onStart(state, {});
  if (state.message === undefined) return undefined;
  const byIndex = [...state.blocks].sort(([a], [b]) => a - b).map(([, block]) => block);
  return { ...state.message, content: byIndex.map(finished) };
}

interface Block {
  block: UntypedBlock;
  json?: string;
  /** Its start, as long as nothing follows. */
  start?: string | undefined;
  stopped?: boolean;
}

interface State {
  message: UntypedMessage | undefined;
  blocks: Map<number, Block>;
  /** Where an index that was there before leads to. */
  places: Map<unknown, number>;
}

/** The type of a delta that doesn't say it, by the field with its text. */
const STRINGS: ReadonlyMap<string, string> = new Map([
  ['text', 'text_delta'],
  ['thinking', 'thinking_delta'],
  ['partial_json', 'input_json_delta'],
]);

const onEvent = table<(state: State, event: UntypedEvent) => void>({
  message_start: (state, event) => {
    if (state.message === undefined) onStart(state, event);
  },
  content_block_start: ({ message, blocks, places }, event) => {
    const block = event.content_block as UntypedBlock;
    if (typeof block?.type !== 'string') return;
    const index = (event.index ?? Math.max(-1, ...blocks.keys()) + 1) as number;
    const before = blocks.get(places.get(index) as number);
    if (before && !before.stopped && before.start === JSON.stringify(block)) return;
    // Of a call without any input nothing says that it is whole.
    if (before && !isBareCall(before)) before.stopped = true;
    const place = blocks.has(index) ? Math.max(...blocks.keys()) + 1 : index;
    places.set(index, place);
    const at: Block = { block, start: JSON.stringify(block) };
    // Anything else ends the stream here.
    for (const field of ['text', 'thinking']) {
      const isItsText = block.type === field && field in block;
      if (isItsText && typeof block[field] !== 'string') block[field] = '';
    }
    // JSON in a text, or the beginning of one.
    const input = isCall(at) ? asInput(written(block.input) ?? {}) : block.input;
    if (isCall(at) && typeof input === 'string') at.json = input;
    else if ('input' in block) block.input = input;
    blocks.set(place, at);
    if (message) changeModel(message, block);
  },
  content_block_delta: ({ blocks, places }, event) => {
    const at = blockOf({ blocks, places }, event);
    const delta = fieldsOf(event.delta) as UntypedDelta;
    if (typeof delta.type !== 'string') {
      const field = Object.keys(delta).find((name) => STRINGS.has(name));
      delta.type = STRINGS.get(field ?? '') ?? '';
    }
    if (at === undefined || at.stopped) return;
    if (bringsNothing(delta) || isEmptyPiece(delta, at.block)) return;
    at.start = undefined;
    onDelta.get(delta.type)?.(at, delta);
  },
  content_block_stop: (state, event) => {
    Object.assign(blockOf(state, event) ?? {}, { stopped: true });
  },
  message_stop: ({ message, blocks }) => {
    for (const at of blocks.values()) {
      const reason = message?.stop_reason;
      const isWhole = typeof reason === 'string' && (!isBareCall(at) || reason === 'tool_use');
      if (isWhole || !isCall(at)) at.stopped = true;
    }
  },
  message_delta: ({ message }, { type: _, delta, usage, ...additions }) => {
    if (message === undefined) return;
    const { container, ...stop } = fieldsOf(delta);
    const counters = kept(fieldsOf(message.usage), withValue(fieldsOf(usage)));
    Object.assign(message, kept(message, stop), withValue({ container }), withValue(additions));
    message.usage = counters;
  },
});

function onStart(state: State, event: Record<string, unknown>): void {
  const bare = { type: 'message', role: 'assistant', model: '' };
  const message: Record<string, unknown> = isObject(event.message) ? event.message : bare;
  const usage = { input_tokens: 0, output_tokens: 0 };
  state.message = {
    ...message,
    id: 'id' in message ? message.id : '',
    content: [],
    usage: isObject(message.usage) ? message.usage : usage,
  };
  // A text may stand for the list.
  const text = [{ type: 'text', text: message.content }];
  const isText = typeof message.content === 'string' && message.content !== '';
  for (const content_block of isText ? text : listOf(message.content)) {
    const index = Math.max(-1, ...state.blocks.keys()) + 1;
    onEvent.get('content_block_start')?.(state, { type: '', index, content_block });
    onEvent.get('content_block_stop')?.(state, { type: '', index });
  }
  for (const { block } of state.blocks.values()) changeModel(state.message, block);
}

/** As JSON has it: a number beyond its range, which is read as Infinity, is null. */
function written(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}

function isNoInput(input: unknown): boolean {
  return JSON.stringify(input) === '{}';
}

function isCall({ block }: Block): boolean {
  return ['tool_use', 'server_tool_use', 'mcp_tool_use'].includes(block.type);
}

function isBareCall(at: Block): boolean {
  return isCall(at) && !at.json && isNoInput(asInput(at.block.input ?? {}));
}

function changeModel(message: UntypedMessage, { type, to }: UntypedBlock): void {
  const { model } = fieldsOf(to);
  if (type === 'fallback' && typeof model === 'string') message.model = model;
}

function bringsNothing({ type, citation, ...rest }: UntypedDelta): boolean {
  if (type === 'citations_delta') return citation == null;
  const isEmpty = Object.values(rest).every((value) => value == null);
  // Null is a content; another field may be one.
  if (type === 'compaction_delta')
    return !('content' in rest) && !Object.values(rest).some(isContent);
  return type === '' || (isEmpty && onDelta.has(type));
}

function isContent(value: unknown): boolean {
  return typeof value === 'string' ? value !== '' : isObject(value) || Array.isArray(value);
}

/** Without an index the last one that started is meant. */
function blockOf(
  { blocks, places }: Pick<State, 'blocks' | 'places'>,
  { index }: UntypedEvent,
): Block | undefined {
  return index == null ? [...blocks.values()].at(-1) : blocks.get(places.get(index) as number);
}

/** Which deltas a block has. Of another, unknown one: any. */
const DELTAS: ReadonlyMap<string, readonly string[]> = new Map([
  ['text', ['text_delta', 'citations_delta']],
  ['thinking', ['thinking_delta', 'signature_delta']],
  ['redacted_thinking', []],
  ['compaction', ['compaction_delta']],
  ['tool_use', ['input_json_delta']],
  ['server_tool_use', ['input_json_delta']],
  ['mcp_tool_use', ['input_json_delta']],
]);

/** An empty piece for a block of another kind says nothing. */
function isEmptyPiece({ type, ...fields }: UntypedDelta, block: UntypedBlock): boolean {
  const isMisfit = DELTAS.get(block.type)?.includes(type) === false;
  return isMisfit && Object.values(fields).includes('');
}

const onDelta = table<(at: Block, delta: UntypedDelta) => void>({
  text_delta: ({ block }, { text }) => {
    block.text = `${block.text ?? ''}${text ?? ''}`;
  },
  thinking_delta: ({ block }, { thinking }) => {
    block.thinking = `${block.thinking ?? ''}${thinking ?? ''}`;
  },
  signature_delta: ({ block }, { signature }) => {
    if (signature !== '' || !block.signature) block.signature = signature;
  },
  citations_delta: ({ block }, { citation }) => {
    if (citation == null) return;
    block.citations = [...((block.citations as unknown[] | null) ?? []), citation];
  },
  compaction_delta: ({ block }, delta) => {
    block.content = delta.content;
    if ('encrypted_content' in delta) block.encrypted_content = delta.encrypted_content;
  },
  input_json_delta: (at, { partial_json }) => {
    at.json = `${at.json ?? ''}${partial_json ?? ''}`;
  },
});

function finished(at: Block): UntypedBlock {
  const { block, json, stopped } = at;
  if (json === undefined && stopped) {
    return block.input == null && /(?:^|_)tool_use$/.test(block.type)
      ? { ...block, input: {} }
      : block;
  }
  const { input: _, ...rest } = block;
  if (!stopped) return rest;
  if (json?.trim() === '') return { ...rest, input: block.input ?? {} };
  // None takes nothing back, in however many pieces.
  const isNone = isCall(at) && isNoInput(asInput(json ?? ''));
  if (isNone && !isNoInput(asInput(block.input ?? {}))) return { ...rest, input: block.input };
  try {
    return { ...rest, input: asInput(JSON.parse(json ?? '')) };
  } catch {
    return rest;
  }
}

/** Null, zero and an empty text take nothing back. */
function kept(before: object, now: object): Record<string, unknown> {
  const value = (key: string, after: unknown): unknown => {
    const known = Object.hasOwn(before, key) ? (before as Record<string, unknown>)[key] : undefined;
    if (after == null || after === 0 || after === '') return known ?? after;
    return isObject(known) && isObject(after)
      ? Object.fromEntries(Object.keys(after).map((key) => [key, kept(known, after)[key]]))
      : after;
  };
  const entries = Object.entries(now).map(([key, after]) => [key, value(key, after)]);
  return { ...before, ...Object.fromEntries(entries) };
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
  return isObject(value) ? { ...value } : {};
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
