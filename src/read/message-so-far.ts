import { StreamProtocolError } from '../errors.js';
import { keepKnown } from '../message/keep-known.js';
import { DELTAS, type DeltaKind } from '../message/kinds.js';
import { isEmptyInput } from '../message/to-input.js';
import {
  assignKnown,
  type UntypedBlock,
  type UntypedDelta,
  type UntypedEvent,
  type UntypedMessage,
} from '../message/untyped.js';
import { WIRE_TYPE } from '../stream/restart.js';
import { thrownText } from '../thrown.js';

/** A block, and the JSON of its input. */
interface Part {
  block: UntypedBlock;
  json?: string;
  isDone?: boolean;
}

/**
 * A message in the making; see MessageDraft. Nothing that it holds is changed in place, so an event costs a copy of its
 * block's few fields, and whatever was handed out stays.
 */
export interface MessageSoFar {
  message?: UntypedMessage;
  parts: Part[];
  snapshot?: UntypedMessage | undefined;
}

/** The message as it is now; undefined before its start. */
export function snapshotOf(sofar: MessageSoFar): UntypedMessage | undefined {
  const { message, parts } = sofar;
  if (message !== undefined) {
    // Blocks that are still to come leave gaps.
    sofar.snapshot ??= { ...message, content: parts.flatMap(toBlock) };
  }
  return sofar.snapshot;
}

/** Whether nothing is missing but the last event. */
export function hasStopReason({ message }: MessageSoFar): boolean {
  return typeof message?.stop_reason === 'string';
}

/** @returns the events to hand out. @throws StreamProtocolError where the event does not fit. */
export function apply(sofar: MessageSoFar, event: UntypedEvent): UntypedEvent[] {
  const rule = rules[event.type];
  if (rule === undefined) return [event];
  if (sofar.message === undefined && !/^(message_start|ping)$/.test(event.type)) unfit(event);
  const events = rule(sofar, event);
  sofar.snapshot = undefined;
  return events;
}

type Rule = (sofar: MessageSoFar, event: UntypedEvent) => UntypedEvent[];

const start: Rule = (sofar, event) => {
  const message = event.message as UntypedMessage | undefined;
  if (!Array.isArray(message?.content)) unfit(event);
  if (sofar.message !== undefined) return message.id === sofar.message.id ? [] : unfit(event);
  const { usage } = message;
  sofar.message = { ...message, usage: usage ?? { input_tokens: 0, output_tokens: 0 } };
  // Blocks that are here already reach readers as the others do.
  const blocks = message.content.flatMap((content_block, index) => [
    ...blockStart(sofar, { type: 'content_block_start', index, content_block }),
    ...blockStop(sofar, { type: 'content_block_stop', index }),
  ]);
  return [{ ...event, message: { ...message, content: [] } }, ...blocks];
};

const blockStart: Rule = (sofar, event) => {
  const block = event.content_block as UntypedBlock | undefined;
  const index = event.index as number;
  if (typeof block?.type !== 'string' || !(index >= 0) || sofar.parts[index]) unfit(event);
  const { to } = block as { to?: { model?: unknown } };
  // From a fallback on, another model speaks.
  if (block.type === 'fallback' && to?.model) (sofar.message as UntypedMessage).model = to.model;
  // Text in a start reaches readers as a delta.
  const start = { ...block };
  const deltas: UntypedDelta[] = [];
  for (const { type, fills, brings, join } of DELTAS.values()) {
    // A block of text, or of thinking, has the name of its field.
    if (join !== 'append' || fills !== block.type || !block[fills]) continue;
    start[fills] = '';
    deltas.push({ type, [brings]: block[fills] });
  }
  sofar.parts[index] = { block: start };
  if (deltas.length === 0) return [event];
  const toEvent = (delta: UntypedDelta): UntypedEvent[] =>
    addDelta(sofar, { type: 'content_block_delta', index, delta });
  return [{ ...event, content_block: start }, ...deltas.flatMap(toEvent)];
};

const addDelta: Rule = ({ parts }, event) => {
  const delta = event.delta as UntypedDelta;
  const part = parts[event.index as number];
  if (!part || part.isDone || typeof delta?.type !== 'string') unfit(event);
  const kind = DELTAS.get(delta.type);
  if (kind === undefined) return [event];
  const { brings, fills, join, isNullable, also = [] } = kind;
  const value = delta[brings];
  const before = part.block[fills];
  if (!isNullable) {
    const isRepeated = join === 'replace' && value === '' && before;
    if (value == null || isRepeated) return [];
    if (join !== 'push' && typeof value !== 'string') unfit(event);
  }
  if (join === 'json') part.json = (part.json ?? '') + value;
  else part.block = { ...part.block, [fills]: joined(join, before, value) };
  for (const field of also) if (field in delta) part.block[field] = delta[field];
  return [event];
};

const blockStop: Rule = ({ parts }, event) => {
  const part = parts[event.index as number];
  if (!part || part.isDone) return [];
  part.isDone = true;
  return [{ ...event, content_block: toBlock(part)[0] }];
};

const messageDelta: Rule = (sofar, event) => {
  const { type: _, delta, usage, ...additions } = event;
  const before = sofar.message as UntypedMessage;
  const message = { ...before, usage: { ...before.usage } };
  // What is null or zero takes nothing back.
  keepKnown(message, delta);
  assignKnown(message, additions);
  assignKnown(message.usage, keepKnown({ ...before.usage }, usage));
  sofar.message = message;
  return [event];
};

const rules: Readonly<Record<string, Rule | undefined>> = {
  __proto__: null as never,
  message_start: start,
  content_block_start: blockStart,
  content_block_delta: addDelta,
  content_block_stop: blockStop,
  message_delta: messageDelta,
  message_stop: (sofar, event) => {
    sofar.snapshot = undefined;
    return [{ ...event, message: snapshotOf(sofar) }];
  },
  ping: () => [],
  // A recovery behind `toResponse()`: blocks are discarded, and others take their places.
  [WIRE_TYPE]: (sofar, { index }) => {
    sofar.parts = sofar.parts.slice(0, index as number);
    return [];
  },
};

function unfit(event: UntypedEvent): never {
  throw new StreamProtocolError(`a ${event.type} that does not fit: ${JSON.stringify(event)}`);
}

function joined(join: DeltaKind['join'], before: unknown, value: unknown): unknown {
  if (join === 'push') return [...(Array.isArray(before) ? before : []), value];
  return join === 'append' && typeof before === 'string' ? before + (value as string) : value;
}

/** The block as it is now, in a list. An input shows when it is whole. */
function toBlock({ block, json, isDone }: Part): [UntypedBlock] {
  if (json === undefined && (isDone || !('input' in block))) return [block];
  if (!isDone) return [{ ...block, inputState: { status: 'open', json: json ?? '' } }];
  try {
    return [
      { ...block, input: (isEmptyInput(json) ? block.input : JSON.parse(json as string)) ?? {} },
    ];
  } catch (error) {
    const reason = thrownText(error);
    return [{ ...block, input: {}, inputState: { status: 'invalid', json, reason } }];
  }
}
