import { StreamProtocolError } from '../errors.js';
import { isRecord } from '../json/is-record.js';
import { BlockDrafts } from './block-drafts.js';
import {
  applyMessageDelta,
  fieldsOf,
  MergedMessageDelta,
  type MutableMessage,
} from './message-delta.js';
import type { UntypedBlock, UntypedDelta, UntypedEvent, UntypedMessage } from './untyped.js';

/**
 * A message in the making: takes the raw events of one stream, gives the message so far.
 *
 * An event costs O(its own size). A snapshot is built when it is asked for and kept until the next
 * event that changes the message; nothing that was handed out is ever changed.
 */
export class MessageDraft {
  readonly #blocks = new BlockDrafts();
  /** Its own object, without the blocks. Its usage is shared with an event or a snapshot until it changes. */
  #message: UntypedMessage | undefined;
  #isUsageShared = true;
  #snapshot: UntypedMessage | undefined;
  /** How many fields the message and its usage have; undefined where they changed. */
  #fields: number | undefined;
  /** How many fields were copied for looks at a message that has too many. */
  #copied = 0;
  #start: UntypedEvent | undefined;
  #messageDeltas: MergedMessageDelta | undefined;
  /** Events of kinds we do not know, each with the number of blocks that had started before it. */
  readonly #unknown: { event: UntypedEvent; after: number }[] = [];

  /**
   * @returns false for an event that only repeats what is known: it is not to be handed on.
   * @throws StreamProtocolError where the event does not fit; the message stays as it was.
   */
  apply(event: UntypedEvent): boolean {
    const rule = MessageDraft.#rules.get(event.type);
    if (rule !== undefined) return rule(this, event) ?? true;
    this.#unknown.push({ event, after: this.#blocks.size });
    return true;
  }

  /** The message so far; undefined before `message_start`. */
  get snapshot(): UntypedMessage | undefined {
    if (this.#message === undefined) return undefined;
    if (this.#snapshot === undefined) {
      this.#countCopy(this.#message);
      this.#snapshot = { ...this.#message, content: this.#blocks.content() };
      this.#isUsageShared = true;
    }
    return this.#snapshot;
  }

  get hasStopReason(): boolean {
    return this.#message?.stop_reason != null;
  }

  /** See BlockDrafts. */
  get openPlace(): number | undefined | null {
    return this.#blocks.openPlace;
  }

  /** Discards the blocks from an index on: others will take their places. @returns them as they are now. */
  discardFrom(index: number): UntypedBlock[] {
    this.#snapshot = undefined;
    return this.#blocks.discardFrom(index);
  }

  /** The block at an index, as it is now. */
  block(index: number): UntypedBlock | undefined {
    return this.#blocks.get(index)?.handOut();
  }

  /** One field of the block at an index, as it is now. */
  field(index: number, name: string): unknown {
    return this.#blocks.get(index)?.field(name);
  }

  /** All that happened, in the fewest events: for a reader that comes late. */
  past(): UntypedEvent[] {
    const events: UntypedEvent[] = [];
    if (this.#start !== undefined) events.push(this.#start);
    const unknown = this.#unknown;
    let next = 0;
    let blocks = 0;
    const addUnknown = (): void => {
      for (let at = unknown[next]; at !== undefined && at.after <= blocks; at = unknown[++next]) {
        events.push(at.event);
      }
    };
    for (const block of this.#blocks.values()) {
      addUnknown();
      blocks++;
      for (const event of block.past()) events.push(event);
    }
    addUnknown();
    if (this.#messageDeltas !== undefined) events.push(this.#messageDeltas.event);
    return events;
  }

  static readonly #rules: ReadonlyMap<string, EventRule> = new Map<string, EventRule>([
    ['message_start', (draft, event) => draft.#messageStart(event)],
    ['content_block_start', (draft, event) => draft.#blockStart(event)],
    ['content_block_delta', (draft, event) => draft.delta(event)],
    ['content_block_stop', (draft, event) => draft.#blockStop(event)],
    ['message_delta', (draft, event) => draft.#messageDelta(event)],
    ['message_stop', (draft, event) => void draft.#started(event)],
    ['ping', () => {}],
  ]);

  #messageStart(event: UntypedEvent): boolean {
    const message = event.message as UntypedMessage | null | undefined;
    if (!Array.isArray(message?.content)) {
      throw new StreamProtocolError('a message_start without a message');
    }
    if (this.#message !== undefined) {
      if (message.id === this.#message.id) return false;
      throw new StreamProtocolError(
        `a second message_start, of ${nameOf(message.id)}, in the middle of ${nameOf(this.#message.id)}`,
      );
    }
    this.#start = event;
    this.#message = { ...message, usage: message.usage ?? { input_tokens: 0, output_tokens: 0 } };
    return true;
  }

  #blockStart(event: UntypedEvent): void {
    const message = this.#started(event);
    const block = this.#blocks.start(event);
    this.#snapshot = undefined;
    // From a fallback on, another model speaks.
    const to =
      block.type === 'fallback' ? (block.to as { model?: unknown } | undefined) : undefined;
    if (typeof to?.model === 'string') message.model = to.model;
  }

  /** `apply` for a `content_block_delta`, which nearly all events are. */
  delta(event: UntypedEvent): void {
    this.#started(event);
    const delta = event.delta as UntypedDelta | null | undefined;
    if (typeof delta?.type !== 'string') {
      throw new StreamProtocolError(
        `a content_block_delta for index ${JSON.stringify(event.index)} without a delta`,
      );
    }
    this.#blocks.open(event).apply(delta);
    this.#snapshot = undefined;
  }

  #blockStop(event: UntypedEvent): void {
    this.#started(event);
    this.#blocks.open(event).stop();
    this.#snapshot = undefined;
  }

  #messageDelta(event: UntypedEvent): void {
    const message = this.#started(event);
    this.#fields = undefined;
    if (this.#isUsageShared) message.usage = fieldsOf(message.usage);
    this.#isUsageShared = false;
    applyMessageDelta(message as MutableMessage, event);
    if (this.#messageDeltas === undefined) this.#messageDeltas = new MergedMessageDelta(event);
    else this.#messageDeltas.add(event);
    this.#snapshot = undefined;
  }

  /** A look costs a copy of the fields. A server that makes them more and more would make looks quadratic. */
  #countCopy(message: UntypedMessage): void {
    const { usage } = message;
    this.#fields ??=
      Object.keys(message).length + (isRecord(usage) ? Object.keys(usage).length : 0);
    if (this.#fields > MOST_FIELDS) this.#copied += this.#fields;
  }

  #started(event: UntypedEvent): UntypedMessage {
    if (this.#copied > MOST_COPIED) {
      throw new StreamProtocolError(
        `a message with ${this.#fields} fields, too many to be shown after each event`,
      );
    }
    if (this.#message !== undefined) return this.#message;
    throw new StreamProtocolError(`a ${event.type} before message_start`);
  }
}

/** More fields than a message and its usage will ever have. */
const MOST_FIELDS = 1_000;

/** How many fields may be copied where there are more: some two seconds of work. */
const MOST_COPIED = 5_000_000;

/** An id is a string, unless the server is broken: then it can be a value that has no text. */
function nameOf(id: unknown): string {
  return typeof id === 'string' ? id : JSON.stringify(id);
}

// biome-ignore lint/suspicious/noConfusingVoidType: most rules have nothing to say.
type EventRule = (draft: MessageDraft, event: UntypedEvent) => boolean | void;
