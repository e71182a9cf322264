import { accumulate } from '../../src/message/accumulate.js';
import { MessageDraft } from '../../src/message/draft.js';
import { providePartialInput } from '../../src/message/input-draft.js';
import { PartialInput } from '../../src/message/partial-input.js';
import { toolInput } from '../../src/message/tool-input.js';
import type {
  UntypedBlock,
  UntypedDelta,
  UntypedEvent,
  UntypedMessage,
} from '../../src/message/untyped.js';

// As a stream does before it hands out a tool call.
providePartialInput(PartialInput);

/* Events as the API sends them, in one line each. */

export const MESSAGE: Readonly<UntypedMessage> = {
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'claude-opus-5-5',
  content: [],
  container: null,
  stop_reason: null,
  stop_sequence: null,
  stop_details: null,
  usage: { input_tokens: 10, output_tokens: 1, cache_read_input_tokens: null },
};

export const messageStart = (fields: Partial<UntypedMessage> = {}): UntypedEvent => ({
  type: 'message_start',
  message: { ...MESSAGE, ...fields },
});
export const blockStart = (index: number, content_block: UntypedBlock): UntypedEvent => ({
  type: 'content_block_start',
  index,
  // As from the wire: an object of its own, about which nothing is remembered yet.
  content_block: { ...content_block },
});
export const delta = (index: number, change: UntypedDelta): UntypedEvent => ({
  type: 'content_block_delta',
  index,
  delta: change,
});
export const blockStop = (index: number): UntypedEvent => ({ type: 'content_block_stop', index });
export const messageDelta = (
  change: Record<string, unknown>,
  usage?: Record<string, unknown> | null,
  additions: Record<string, unknown> = {},
): UntypedEvent => ({
  type: 'message_delta',
  delta: change,
  ...(usage === undefined ? {} : { usage }),
  ...additions,
});
export const messageStop: UntypedEvent = { type: 'message_stop' };
export const ping: UntypedEvent = { type: 'ping' };

export const textBlock: UntypedBlock = { type: 'text', text: '', citations: null };
export const thinkingBlock: UntypedBlock = { type: 'thinking', thinking: '', signature: '' };
export const toolBlock: UntypedBlock = { type: 'tool_use', id: 'toolu_1', name: 'f', input: {} };

export const textDelta = (index: number, text: string): UntypedEvent =>
  delta(index, { type: 'text_delta', text });
export const thinkingDelta = (index: number, thinking: string): UntypedEvent =>
  delta(index, { type: 'thinking_delta', thinking });
export const signatureDelta = (index: number, signature: string): UntypedEvent =>
  delta(index, { type: 'signature_delta', signature });
export const jsonDelta = (index: number, partial_json: string): UntypedEvent =>
  delta(index, { type: 'input_json_delta', partial_json });

/** A block from its start to its stop. */
export const block = (
  index: number,
  content_block: UntypedBlock,
  ...deltas: UntypedDelta[]
): UntypedEvent[] => [
  blockStart(index, content_block),
  ...deltas.map((change) => delta(index, change)),
  blockStop(index),
];

/** The message that the events make. */
export function accumulated(events: readonly UntypedEvent[]): UntypedMessage {
  const message = accumulate(events as Parameters<typeof accumulate>[0]);
  if (message === undefined) throw new Error('there is no message_start among the events');
  return message as unknown as UntypedMessage;
}

/** The first block that the deltas make of a start. */
export function blockOf(start: UntypedBlock, ...deltas: UntypedDelta[]): UntypedBlock | undefined {
  return accumulated([messageStart(), ...block(0, start, ...deltas)]).content[0];
}

export function draftOf(events: Iterable<UntypedEvent>): MessageDraft {
  const draft = new MessageDraft();
  for (const event of events) draft.apply(event);
  return draft;
}

/** The input of a call: servers write none in many ways, and an object also as JSON in a text. */
export function asInput(input: unknown): unknown {
  if (input === null || (Array.isArray(input) && input.length === 0)) return {};
  if (typeof input !== 'string') return input;
  if (['', '{}', '[]', 'null', '""'].includes(input.trim())) return {};
  try {
    const value: unknown = JSON.parse(input);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : input;
  } catch {
    return input;
  }
}

/** Something as JSON, without the `input` of tool calls that are not complete: simple models of a message lack it. */
export function withoutCutInputs(value: unknown): string | undefined {
  return JSON.stringify(value, (_, part: unknown) => {
    if (typeof part !== 'object' || part === null || !('input' in part)) return part;
    if (toolInput(part).status === 'complete') return part;
    const { input: _input, inputState: _state, ...rest } = part as Record<string, unknown>;
    return rest;
  });
}
