import { StreamProtocolError } from '../../errors.js';
import { given, type LooseBlock, type LooseDelta, type LooseEvent } from '../../message/loose.js';
import { restartEvent, restartFrom } from '../restart-event.js';
import { addUsage } from './add-usage.js';
import type { Continuation } from './continuation.js';
import type { Seam } from './seam.js';

/**
 * Makes the events of a continuation events of the message that it continues: its text goes on in
 * the block that was open, its other blocks follow, its usage adds up.
 */
export class Splice {
  readonly #seam: Seam;
  readonly #usageBefore: unknown;
  #usageHere: Record<string, unknown> = {};
  /** The text block that waits for its rest. */
  #waiting: number | undefined;
  #next: number;
  /** Their index → ours; undefined for what is left out. */
  readonly #places = new Map<unknown, number | undefined>();
  /** Their index of the text that comes first of all: it may repeat what came before. */
  #first: unknown;
  #isPastSeam = false;
  /** The start of a text of which no word has come. A model with nothing to add sends an empty one. */
  #unsaid: LooseEvent | undefined;

  constructor({ keep, text }: Continuation, seam: Seam, usageBefore: unknown) {
    this.#next = keep;
    this.#waiting = text;
    this.#seam = seam;
    this.#usageBefore = usageBefore;
  }

  /** What an event of the continuation is in the message. */
  map(event: LooseEvent): LooseEvent[] {
    return rules.get(event.type)?.(this, event) ?? [event];
  }

  /** What all requests together used, as far as it is known. */
  get usage(): unknown {
    return addUsage(this.#usageBefore, this.#usageHere);
  }

  start({ message }: LooseEvent): LooseEvent[] {
    this.#usageHere = given((message as { usage?: unknown } | undefined)?.usage);
    return [];
  }

  blockStart(event: LooseEvent): LooseEvent[] {
    const block = event.content_block as LooseBlock | undefined;
    if (this.#waiting !== undefined && LEFT_OUT.has(block?.type ?? '')) {
      this.#places.set(event.index, undefined);
      return [];
    }
    if (block?.type !== 'text') {
      this.#isPastSeam ||= !LEFT_OUT.has(block?.type ?? '');
      return [...this.#giveUpWaiting(), this.#place(event)];
    }
    if (!this.#isPastSeam) this.#first = event.index;
    this.#isPastSeam = true;
    // What it may begin with comes as a delta: the seam looks at that too.
    const start = { ...event, content_block: { ...block, text: '' } };
    if (this.#waiting === undefined) this.#unsaid = start;
    else this.#places.set(event.index, this.#waiting);
    this.#waiting = undefined;
    return this.#textDelta(event.index, block.text);
  }

  blockDelta(event: LooseEvent): LooseEvent[] {
    const delta = event.delta as LooseDelta | undefined;
    if (delta?.type === 'text_delta') return this.#textDelta(event.index, delta.text);
    return [...this.#say(), ...this.#placed(event)];
  }

  blockStop(event: LooseEvent): LooseEvent[] {
    const { index } = event;
    const rest = index === this.#first ? this.#text(index, this.#seam.end()) : [];
    if (this.#unsaid?.index !== index) return [...rest, ...this.#placed(event)];
    this.#unsaid = undefined;
    return rest;
  }

  messageDelta(event: LooseEvent): LooseEvent[] {
    this.#usageHere = { ...this.#usageHere, ...given(event.usage) };
    return [...this.#giveUpWaiting(), { ...event, usage: this.usage }];
  }

  messageStop(event: LooseEvent): LooseEvent[] {
    return [...this.#giveUpWaiting(), event];
  }

  /** The continuation was mended itself on its way, and gave up blocks. */
  ping(event: LooseEvent): LooseEvent[] {
    const from = restartFrom(event);
    if (from === undefined) return [event];
    const before = this.#next;
    for (const [their, index = before] of this.#places) {
      if ((their as number) < from) continue;
      this.#places.delete(their);
      this.#next = Math.min(this.#next, index);
    }
    if (this.#unsaid !== undefined && (this.#unsaid.index as number) >= from) {
      this.#unsaid = undefined;
    }
    return this.#next === before ? [] : [restartEvent(this.#next)];
  }

  /** There is no more text: the block that waited is finished as it is. */
  #giveUpWaiting(): LooseEvent[] {
    const index = this.#waiting;
    this.#waiting = undefined;
    return index === undefined ? [] : [{ type: 'content_block_stop', index }];
  }

  #textDelta(their: unknown, piece: unknown): LooseEvent[] {
    const text = typeof piece === 'string' ? piece : '';
    return this.#text(their, their === this.#first ? this.#seam.push(text) : text);
  }

  #text(their: unknown, text: string): LooseEvent[] {
    if (text === '') return [];
    const delta = { type: 'text_delta', text };
    const event = { type: 'content_block_delta', index: their, delta };
    return [...this.#say(), ...this.#placed(event)];
  }

  /** A text that was only announced begins. */
  #say(): LooseEvent[] {
    const start = this.#unsaid;
    this.#unsaid = undefined;
    return start === undefined ? [] : [this.#place(start)];
  }

  #place(start: LooseEvent): LooseEvent {
    const index = this.#next++;
    this.#places.set(start.index, index);
    return { ...start, index };
  }

  #placed(event: LooseEvent): LooseEvent[] {
    if (!this.#places.has(event.index)) {
      throw new StreamProtocolError(
        `a ${event.type} for index ${JSON.stringify(event.index)}, which was never started`,
      );
    }
    const index = this.#places.get(event.index);
    return index === undefined ? [] : [{ ...event, index }];
  }
}

/** Thoughts on how to go on are no part of the text that goes on. */
const LEFT_OUT: ReadonlySet<string> = new Set(['thinking', 'redacted_thinking']);

const rules: ReadonlyMap<string, (splice: Splice, event: LooseEvent) => LooseEvent[]> = new Map([
  ['message_start', (splice, event) => splice.start(event)],
  ['content_block_start', (splice, event) => splice.blockStart(event)],
  ['content_block_delta', (splice, event) => splice.blockDelta(event)],
  ['content_block_stop', (splice, event) => splice.blockStop(event)],
  ['message_delta', (splice, event) => splice.messageDelta(event)],
  ['message_stop', (splice, event) => splice.messageStop(event)],
  ['ping', (splice, event) => splice.ping(event)],
]);
