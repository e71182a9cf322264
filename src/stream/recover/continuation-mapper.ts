import { StreamProtocolError } from '../../errors.js';
import { isRecord } from '../../json/is-record.js';
import { setOwn } from '../../json/set-own.js';
import { isThinking } from '../../message/kinds.js';
import {
  assignKnown,
  type UntypedBlock,
  type UntypedDelta,
  type UntypedEvent,
} from '../../message/untyped.js';
import { addUsage } from './add-usage.js';
import type { Continuation } from './continuation.js';
import type { OverlapTrimmer } from './overlap-trimmer.js';

/**
 * Maps the events of a continuation to events of the message that it continues: its text continues the
 * block that was open, its other blocks follow, its usage adds up.
 */
export class ContinuationMapper {
  readonly #trimmer: OverlapTrimmer;
  readonly #usageBefore: unknown;
  readonly #usageHere: Record<string, unknown> = {};
  #isUsageSent = false;
  /** The index of the text block that waits for its rest. */
  #waiting: number | undefined;
  #next: number;
  /** Index in the continuation → index in the message; undefined for what is left out. */
  readonly #places = new Map<unknown, number | undefined>();
  /** The continuation's index of its first text, which may repeat what was there before. */
  #first: unknown;
  #isPastSeam = false;
  /** The start of a text that is empty so far. A model with nothing to add sends an empty one. */
  #unsaid: UntypedEvent | undefined;

  constructor({ keep, text }: Continuation, trimmer: OverlapTrimmer, usageBefore: unknown) {
    this.#next = keep;
    this.#waiting = text;
    this.#trimmer = trimmer;
    this.#usageBefore = usageBefore;
  }

  /** The events of the message for an event of the continuation. */
  map(event: UntypedEvent): UntypedEvent[] {
    return rules.get(event.type)?.(this, event) ?? this.#unknown(event);
  }

  /** The continuation broke: what it used, where no event said so yet. */
  broke(): UntypedEvent[] {
    if (this.#isUsageSent || Object.keys(this.#usageHere).length === 0) return [];
    return [{ type: 'message_delta', delta: NOT_STOPPED, usage: this.usage }];
  }

  /** What all requests used together, as far as it is known. */
  get usage(): unknown {
    return addUsage(this.#usageBefore, this.#usageHere);
  }

  /** The totals of the counters that an event has. */
  #sum(usage: unknown): Record<string, unknown> {
    const known: Record<string, unknown> = {};
    assignKnown(known, usage);
    const before = isRecord(this.#usageBefore) ? this.#usageBefore : {};
    for (const counter of Object.keys(known)) {
      if (Object.hasOwn(before, counter)) {
        setOwn(known, counter, addUsage(before[counter], known[counter]));
      }
    }
    return known;
  }

  start({ message }: UntypedEvent): UntypedEvent[] {
    assignKnown(this.#usageHere, (message as { usage?: unknown } | undefined)?.usage);
    return [];
  }

  blockStart(event: UntypedEvent): UntypedEvent[] {
    const block = event.content_block as UntypedBlock | undefined;
    if (this.#places.has(event.index)) {
      throw new StreamProtocolError(
        `a second content_block_start for index ${JSON.stringify(event.index)}`,
      );
    }
    // Thoughts on how to continue are no part of the text that continues.
    if (this.#waiting !== undefined && isThinking(block)) {
      this.#places.set(event.index, undefined);
      return [];
    }
    if (block?.type !== 'text') {
      this.#isPastSeam ||= !isThinking(block);
      return [...this.#stopWaiting(), this.#place(event)];
    }
    if (!this.#isPastSeam) this.#first = event.index;
    this.#isPastSeam = true;
    // Text in the start becomes a delta: the trimmer sees it too.
    const start = { ...event, content_block: { ...block, text: '' } };
    if (this.#waiting === undefined) this.#unsaid = start;
    else this.#places.set(event.index, this.#waiting);
    this.#waiting = undefined;
    return this.#textDelta(event.index, block.text);
  }

  blockDelta(event: UntypedEvent): UntypedEvent[] {
    const delta = event.delta as UntypedDelta | undefined;
    if (delta?.type === 'text_delta') return this.#textDelta(event.index, delta.text);
    return [...this.#startText(), ...this.#placed(event)];
  }

  blockStop(event: UntypedEvent): UntypedEvent[] {
    const { index } = event;
    const rest = index === this.#first ? this.#text(index, this.#trimmer.end()) : [];
    if (this.#unsaid?.index !== index) return [...rest, ...this.#placed(event)];
    this.#unsaid = undefined;
    return rest;
  }

  messageDelta(event: UntypedEvent): UntypedEvent[] {
    assignKnown(this.#usageHere, event.usage);
    // All of it once, then what changed: all of it for each event would add up.
    const usage = this.#isUsageSent ? this.#sum(event.usage) : this.usage;
    this.#isUsageSent = true;
    return [...this.#stopWaiting(), { ...event, usage }];
  }

  messageStop(event: UntypedEvent): UntypedEvent[] {
    return [...this.#stopWaiting(), event];
  }

  /** An event of an unknown kind. Where it has the index of a block, it is about that block. */
  #unknown(event: UntypedEvent): UntypedEvent[] {
    const start = this.#unsaid?.index === event.index ? this.#startText() : [];
    return this.#places.has(event.index) ? [...start, ...this.#placed(event)] : [event];
  }

  /** There is no more text: the block that waited is finished as it is. */
  #stopWaiting(): UntypedEvent[] {
    const index = this.#waiting;
    this.#waiting = undefined;
    return index === undefined ? [] : [{ type: 'content_block_stop', index }];
  }

  #textDelta(theirs: unknown, piece: unknown): UntypedEvent[] {
    const text = typeof piece === 'string' ? piece : '';
    return this.#text(theirs, theirs === this.#first ? this.#trimmer.push(text) : text);
  }

  #text(theirs: unknown, text: string): UntypedEvent[] {
    if (text === '') return [];
    const delta = { type: 'text_delta', text };
    const event = { type: 'content_block_delta', index: theirs, delta };
    return [...this.#startText(), ...this.#placed(event)];
  }

  /** Delivers the start of a text that was empty so far. */
  #startText(): UntypedEvent[] {
    const start = this.#unsaid;
    this.#unsaid = undefined;
    return start === undefined ? [] : [this.#place(start)];
  }

  #place(start: UntypedEvent): UntypedEvent {
    const index = this.#next++;
    this.#places.set(start.index, index);
    return { ...start, index };
  }

  #placed(event: UntypedEvent): UntypedEvent[] {
    if (!this.#places.has(event.index)) {
      throw new StreamProtocolError(
        `a ${event.type} for index ${JSON.stringify(event.index)}, which was never started`,
      );
    }
    const index = this.#places.get(event.index);
    return index === undefined ? [] : [{ ...event, index }];
  }
}

const NOT_STOPPED = Object.freeze({ stop_reason: null, stop_sequence: null });

type Rule = (mapper: ContinuationMapper, event: UntypedEvent) => UntypedEvent[];

const rules: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ['message_start', (mapper, event) => mapper.start(event)],
  ['content_block_start', (mapper, event) => mapper.blockStart(event)],
  ['content_block_delta', (mapper, event) => mapper.blockDelta(event)],
  ['content_block_stop', (mapper, event) => mapper.blockStop(event)],
  ['message_delta', (mapper, event) => mapper.messageDelta(event)],
  ['message_stop', (mapper, event) => mapper.messageStop(event)],
]);
