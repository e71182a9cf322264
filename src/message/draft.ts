import { StreamProtocolError } from '../errors.js';
import { BlockDrafts } from './block-drafts.js';
import { applyDelta } from './deltas.js';
import { applyMessageDelta, mergeMessageDeltas } from './message-delta.js';
import type { UntypedBlock, UntypedDelta, UntypedEvent, UntypedMessage } from './untyped.js';

/**
 * A message in the making: takes the raw events of one stream, gives the message so far.
 *
 * An event costs O(its own size). A snapshot is built when it is asked for and kept until the next
 * event that changes the message; nothing that was handed out is ever changed.
 */
export class MessageDraft {
  readonly #blocks = new BlockDrafts();
  #message: UntypedMessage | undefined;
  #snapshot: UntypedMessage | undefined;
  #start: UntypedEvent | undefined;
  #messageDeltas: UntypedEvent | undefined;
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
    this.#snapshot ??= { ...this.#message, content: this.#blocks.content() };
    return this.#snapshot;
  }

  /** See BlockDrafts. */
  get openPlace(): number | undefined | null {
    return this.#blocks.openPlace;
  }

  /** Gives up the blocks from an index on: others will take their places. */
  discardFrom(index: number): void {
    this.#blocks.discardFrom(index);
    this.#snapshot = undefined;
  }

  /** The block at an index, as it is now. */
  block(index: number): UntypedBlock | undefined {
    return this.#blocks.get(index)?.handOut();
  }

  /** All that happened, in the fewest events: for a reader that comes late. */
  past(): UntypedEvent[] {
    const unknown = [...this.#unknown];
    const unknownAfter = (blocks: number): UntypedEvent[] => {
      const later = unknown.findIndex(({ after }) => after > blocks);
      return unknown.splice(0, later === -1 ? unknown.length : later).map(({ event }) => event);
    };
    const events = this.#start === undefined ? [] : [this.#start];
    let blocks = 0;
    for (const block of this.#blocks.values()) {
      events.push(...unknownAfter(blocks++), ...block.past());
    }
    events.push(...unknownAfter(blocks));
    if (this.#messageDeltas !== undefined) events.push(this.#messageDeltas);
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
        `a second message_start, of ${message.id}, in the middle of ${this.#message.id}`,
      );
    }
    this.#blocks.seed(message.content);
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
    if (typeof to?.model === 'string') this.#message = { ...message, model: to.model };
  }

  /** `apply` for a `content_block_delta`, which nearly all events are. */
  delta(event: UntypedEvent): void {
    this.#started(event);
    const delta = event.delta as UntypedDelta | null | undefined;
    if (typeof delta?.type !== 'string') {
      throw new StreamProtocolError(
        `a content_block_delta for index ${event.index} without a delta`,
      );
    }
    applyDelta(this.#blocks.open(event), delta);
    this.#snapshot = undefined;
  }

  #blockStop(event: UntypedEvent): void {
    this.#started(event);
    this.#blocks.open(event).stop();
    this.#snapshot = undefined;
  }

  #messageDelta(event: UntypedEvent): void {
    this.#message = applyMessageDelta(this.#started(event), event);
    this.#messageDeltas =
      this.#messageDeltas === undefined ? event : mergeMessageDeltas(this.#messageDeltas, event);
    this.#snapshot = undefined;
  }

  #started(event: UntypedEvent): UntypedMessage {
    if (this.#message !== undefined) return this.#message;
    throw new StreamProtocolError(`a ${event.type} before message_start`);
  }
}

// biome-ignore lint/suspicious/noConfusingVoidType: most rules have nothing to say.
type EventRule = (draft: MessageDraft, event: UntypedEvent) => boolean | void;
