import { StreamProtocolError } from '../errors.js';
import { keepKnown } from '../message/keep-known.js';
import { DELTAS, type DeltaKind } from '../message/kinds.js';
import { isEmptyInput } from '../message/tool-calls.js';
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
 * A message in the making; see MessageDraft. Nothing is changed in place, so an event costs a copy of its
 * block's few fields, and whatever was handed out stays.
 */
export class MessageSoFar {
  #message: UntypedMessage | undefined;
  #parts: Part[] = [];
  #snapshot: UntypedMessage | undefined;

  get snapshot(): UntypedMessage | undefined {
    if (this.#message !== undefined) {
      // Blocks that are still to come leave gaps.
      this.#snapshot ??= { ...this.#message, content: this.#parts.flatMap(toBlock) };
    }
    return this.#snapshot;
  }

  /** Whether nothing is missing but the last event. */
  get hasStopReason(): boolean {
    return typeof this.#message?.stop_reason === 'string';
  }

  /** @returns the events to hand out. @throws StreamProtocolError where it does not fit. */
  apply(event: UntypedEvent): UntypedEvent[] {
    const rule = rules[event.type];
    if (rule === undefined) return [event];
    if (this.#message === undefined && !/^(message_start|ping)$/.test(event.type)) unfit(event);
    const events = rule.call(this, event);
    this.#snapshot = undefined;
    return events;
  }

  start(event: UntypedEvent): UntypedEvent[] {
    const message = event.message as UntypedMessage | undefined;
    if (!Array.isArray(message?.content)) unfit(event);
    if (this.#message !== undefined) return message.id === this.#message.id ? [] : unfit(event);
    const { usage } = message;
    this.#message = { ...message, usage: usage ?? { input_tokens: 0, output_tokens: 0 } };
    // Blocks that are here already reach readers as the others do.
    const blocks = message.content.flatMap((content_block, index) => [
      ...this.blockStart({ type: 'content_block_start', index, content_block }),
      ...this.blockStop({ type: 'content_block_stop', index }),
    ]);
    return [{ ...event, message: { ...message, content: [] } }, ...blocks];
  }

  blockStart(event: UntypedEvent): UntypedEvent[] {
    const block = event.content_block as UntypedBlock | undefined;
    const index = event.index as number;
    if (typeof block?.type !== 'string' || !(index >= 0) || this.#parts[index]) unfit(event);
    const { to } = block as { to?: { model?: unknown } };
    // From a fallback on, another model speaks.
    if (block.type === 'fallback' && to?.model) (this.#message as UntypedMessage).model = to.model;
    // Text in a start reaches readers as a delta.
    const start = { ...block };
    const deltas: UntypedDelta[] = [];
    for (const { type, fills, brings, join } of DELTAS.values()) {
      // A block of text, or of thinking, has the name of its field.
      if (join !== 'append' || fills !== block.type || !block[fills]) continue;
      start[fills] = '';
      deltas.push({ type, [brings]: block[fills] });
    }
    this.#parts[index] = { block: start };
    if (deltas.length === 0) return [event];
    const toEvent = (delta: UntypedDelta): UntypedEvent[] =>
      this.delta({ type: 'content_block_delta', index, delta });
    return [{ ...event, content_block: start }, ...deltas.flatMap(toEvent)];
  }

  delta(event: UntypedEvent): UntypedEvent[] {
    const delta = event.delta as UntypedDelta;
    const part = this.#parts[event.index as number];
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
  }

  blockStop(event: UntypedEvent): UntypedEvent[] {
    const part = this.#parts[event.index as number];
    if (!part || part.isDone) return [];
    part.isDone = true;
    return [{ ...event, content_block: toBlock(part)[0] }];
  }

  messageDelta(event: UntypedEvent): UntypedEvent[] {
    const { type: _, delta, usage, ...additions } = event;
    const before = this.#message as UntypedMessage;
    const message = { ...before, usage: { ...before.usage } };
    // What is null or zero takes nothing back.
    keepKnown(message, delta);
    assignKnown(message, additions);
    assignKnown(message.usage, keepKnown({ ...before.usage }, usage));
    this.#message = message;
    return [event];
  }

  stop(event: UntypedEvent): UntypedEvent[] {
    this.#snapshot = undefined;
    return [{ ...event, message: this.snapshot }];
  }

  /** A recovery behind `toResponse()`: blocks are discarded, and others take their places. */
  restart({ index }: UntypedEvent): UntypedEvent[] {
    this.#parts = this.#parts.slice(0, index as number);
    return [];
  }
}

const rules: Readonly<
  Record<string, ((this: MessageSoFar, event: UntypedEvent) => UntypedEvent[]) | undefined>
> = {
  __proto__: null as never,
  message_start: MessageSoFar.prototype.start,
  content_block_start: MessageSoFar.prototype.blockStart,
  content_block_delta: MessageSoFar.prototype.delta,
  content_block_stop: MessageSoFar.prototype.blockStop,
  message_delta: MessageSoFar.prototype.messageDelta,
  message_stop: MessageSoFar.prototype.stop,
  ping: () => [],
  [WIRE_TYPE]: MessageSoFar.prototype.restart,
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
