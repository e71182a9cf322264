import { type AnthropicError, addContext, asAnthropicError } from '../errors.js';
import { MessageDraft } from '../message/draft.js';
import type { UntypedEvent, UntypedMessage } from '../message/untyped.js';
import { type RateLimit, rateLimitOf } from '../rate-limit.js';
import type { ResponseHead } from '../transport/port.js';
import { requestIdOf, toResponse } from '../transport/to-response.js';
import type { Message } from '../wire/message.js';
import { AttemptLog, type StreamAttempt } from './attempt-log.js';
import { enrichEvent } from './enrich-event.js';
import { restartIndex } from './restart.js';
import type { SourceOwner } from './source.js';

/** All that is known of one message while it arrives: what was received, and from which requests. */
export class MessageRecord {
  readonly #draft = new MessageDraft();
  readonly #attempts = new AttemptLog(() => this.#lastGood());
  #head: ResponseHead | undefined;
  /** A message_start that waits for content, so that another try can still replace it. */
  #held: UntypedEvent | undefined;
  #stop: UntypedEvent | undefined;
  #good: UntypedMessage | undefined;
  #isBroken = false;

  get snapshot(): UntypedMessage | undefined {
    return this.#draft.snapshot;
  }

  get hasStopReason(): boolean {
    return this.#draft.hasStopReason;
  }

  /** Of the latest response. */
  get head(): ResponseHead | undefined {
    return this.#head;
  }

  get requestId(): string | undefined {
    return requestIdOf(this.#head);
  }

  get rateLimit(): RateLimit | undefined {
    const head = this.#head;
    return head && rateLimitOf({ get: (name) => head.header(name) });
  }

  get attempts(): StreamAttempt[] {
    return this.#attempts.list;
  }

  /** One field of the block at an index, as it is now. */
  field(index: number, name: string): unknown {
    return this.#draft.field(index, name);
  }

  /** See SourceOwner. */
  partial(): ReturnType<SourceOwner['partial']> {
    const { snapshot: message, openPlace: open } = this.#draft;
    return message === undefined || open === null ? undefined : { message, open };
  }

  /** A request goes out. */
  tried(kind: StreamAttempt['kind']): void {
    this.#attempts.start(kind);
  }

  tryFailed(error: AnthropicError): void {
    this.#held = undefined;
    // A response with an error status is never passed on: its id is part of the error.
    if (error.requestId !== undefined) this.#attempts.connected(error.requestId);
    this.#attempts.end(error);
  }

  connected(head: ResponseHead): void {
    this.#head = head;
    this.#attempts.connected(requestIdOf(head));
  }

  held(event: UntypedEvent): void {
    this.#held = event;
  }

  /** The stream broke, and the rest will be requested. */
  broke(error: AnthropicError): void {
    this.#attempts.end(this.known(error));
  }

  /**
   * Takes in a raw event.
   * @returns the event as readers get it; undefined for one that only repeats what is known.
   * @throws AnthropicError where it does not fit.
   */
  accept(event: UntypedEvent): UntypedEvent | undefined {
    if (event.type === 'content_block_delta') {
      this.#draft.delta(event);
      return event;
    }
    const from = restartIndex(event);
    if (from !== undefined) return this.#discard(event, from);
    return this.#draft.apply(event) ? this.#enrich(event) : undefined;
  }

  /** Everything that was delivered, in the fewest events. */
  past(): UntypedEvent[] {
    const past = this.#draft.past().map((event) => enrichEvent(event, this.#draft));
    return this.#stop === undefined ? past : [...past, this.#stop];
  }

  /** All the text that was delivered, to a reader who takes it from the events. */
  pastText(select: (event: UntypedEvent) => string | undefined): string {
    let text = '';
    for (const event of this.#draft.past()) text += select(event) ?? '';
    return text;
  }

  /** There will be no other try: what message_start contains, such as the usage, is part of the message. */
  keepHeld(): void {
    if (this.#held === undefined || this.#draft.snapshot !== undefined) return;
    try {
      this.#draft.apply(this.#held);
    } catch {
      // Not a message, so there is nothing to keep; the stream ends with another error anyway.
    }
  }

  /** There will be no more events. */
  ended(error: unknown): void {
    this.#attempts.end(error as AnthropicError | undefined);
  }

  /** What listeners that are added after the end have missed, by name. @param error the one to tell them. */
  missed(error: unknown): Readonly<Record<string, unknown[] | undefined>> {
    return {
      connect: this.#head && [toResponse(this.#head)],
      message: this.#stop && [this.#stop.message],
      error: error === undefined ? undefined : [error],
      end: [],
    };
  }

  /** A thrown value as an AnthropicError, with the context that is known. */
  known(error: unknown): AnthropicError {
    return addContext(asAnthropicError(error), {
      requestId: this.requestId,
      partialMessage: this.#lastGood() as Message | undefined,
    });
  }

  /**
   * The message, also where it can't be built: an error must not fail for what failed already. Then it is
   * the last one that could, and it is not tried again.
   */
  #lastGood(): UntypedMessage | undefined {
    if (this.#isBroken) return this.#good;
    try {
      this.#good = this.#draft.snapshot;
    } catch {
      this.#isBroken = true;
    }
    return this.#good;
  }

  #discard(event: UntypedEvent, from: number): UntypedEvent | undefined {
    const discarded = this.#draft.discardFrom(from);
    if (discarded.length === 0) return undefined;
    this.#attempts.discarded();
    return { ...event, discarded };
  }

  #enrich(event: UntypedEvent): UntypedEvent {
    const enriched = enrichEvent(event, this.#draft);
    if (enriched.type === 'message_stop') this.#stop = enriched;
    return enriched;
  }
}
