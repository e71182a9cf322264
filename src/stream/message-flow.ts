import { type AnthropicError, APIUserAbortError, addContext, asAnthropicError } from '../errors.js';
import { MessageDraft } from '../message/draft.js';
import type { LooseBlock, LooseDelta, LooseEvent, LooseMessage } from '../message/loose.js';
import { type RateLimit, rateLimitOf } from '../rate-limit.js';
import { onAbort } from '../transport/on-abort.js';
import type { ResponseHead } from '../transport/port.js';
import { requestIdOf, toResponse } from '../transport/to-response.js';
import type { Message } from '../wire/message.js';
import { AttemptLog, type StreamAttempt } from './attempt-log.js';
import { TextBacklog } from './backlog.js';
import { Emitter, type Listener } from './emitter.js';
import { EventBacklog } from './event-backlog.js';
import { Hub } from './hub.js';
import { emitEvent, OBSERVERS } from './listeners.js';
import type { Reader } from './reader.js';
import type { EventSource, MaybePromise, SourceOwner } from './source.js';

/**
 * What happens behind a MessageStream: raw events come from a source, are accumulated, and go to
 * readers and listeners. All of it on demand, and one end for everybody.
 */
export class MessageFlow {
  readonly #draft = new MessageDraft();
  readonly #emitter = new Emitter();
  readonly #attempts = new AttemptLog(() => this.#draft.snapshot);
  readonly #hub: Hub<LooseEvent, LooseEvent>;
  readonly #source: EventSource;
  readonly #signal: AbortSignal | undefined;
  #head: ResponseHead | undefined;
  #stopListening = (): void => {};
  /** A message_start that waits for content, so that another try can still take its place. */
  #held: LooseEvent | undefined;
  #isBegun = false;
  #isLeft = false;
  #stop: LooseEvent | undefined;

  constructor(open: (owner: SourceOwner) => EventSource, signal: AbortSignal | undefined) {
    this.#signal = signal;
    this.#hub = new Hub({
      pull: this.#pull,
      accept: this.#accept,
      failure: (error) => this.#known(error),
      delivered: this.#delivered,
      ended: this.#ended,
      abandoned: () => this.#leave(),
    });
    this.#source = open({
      onTry: (how) => this.#attempts.start(how),
      onTryFailed: (error) => {
        this.#held = undefined;
        // A response with an error status is never handed on, so its id comes with the error.
        if (error.requestId !== undefined) this.#attempts.connected(error.requestId);
        this.#attempts.end(error);
      },
      onHeld: (event) => {
        this.#held = event;
      },
      onHead: (head) => this.#connected(head),
      onRetry: (info) => this.#emitter.emit('retry', info),
      onRecover: (info) => {
        this.#attempts.end(this.#known(info.error));
        this.#emitter.emit('recover', info);
      },
      partial: () => this.#partial(),
      discard: (from) => this.#discard(from),
    });
  }

  get snapshot(): LooseMessage | undefined {
    return this.#draft.snapshot;
  }

  get requestId(): string | undefined {
    return requestIdOf(this.#head);
  }

  get rateLimit(): RateLimit | undefined {
    return this.#head && rateLimitOf({ get: this.#head.header });
  }

  get attempts(): StreamAttempt[] {
    return this.#attempts.list;
  }

  /** A reader of events. */
  events(wants: (event: LooseEvent) => boolean): Reader<LooseEvent, LooseEvent> {
    return this.#hub.reader({
      select: (event) => (wants(event) ? event : undefined),
      past: () => new EventBacklog(this.#past()),
    });
  }

  /** A reader of text. */
  text(): Reader<LooseEvent, string> {
    return this.#hub.reader({
      select: textDelta,
      past: () => new TextBacklog(this.#draft.past().map(textDelta).join('')),
    });
  }

  /** Reads what is left, for the finished message. */
  async complete(): Promise<LooseMessage> {
    await this.#hub.complete();
    return this.#draft.snapshot as LooseMessage;
  }

  listen(name: string, listener: Listener, once: boolean): void {
    this.#emitter.add(name, listener, once);
    const isLate = this.#hub.ending !== undefined;
    queueMicrotask(() => {
      if (isLate) this.#catchUp(name, listener);
      else if (!OBSERVERS.has(name) || !this.#hub.isRead) this.#hub.demand();
    });
  }

  unlisten(name: string, listener: Listener): void {
    this.#emitter.remove(name, listener);
  }

  /**
   * For one who means to read all, at the pace of the others: keeps the flow open when they leave, and
   * tells of each finished block once they have all come back for what follows it, and of a failure.
   */
  follow(blockSeen: (block: LooseBlock) => void, failed: (error: AnthropicError) => void): void {
    this.#hub.hold();
    // Added here and not through `listen`: to follow is not to make the flow read.
    const tell = (block: LooseBlock): void => this.#hub.whenSeen(() => blockSeen(block));
    this.#emitter.add('contentBlock', tell, false);
    const ended = (): void => {
      const { error } = this.#hub.ending ?? {};
      if (error !== undefined) failed(error as AnthropicError);
    };
    this.#emitter.add('end', ended, true);
  }

  async connect(): Promise<ResponseHead> {
    this.#begin();
    if (this.#head !== undefined) return this.#head;
    if (this.#hub.ending?.error !== undefined) throw this.#hub.ending.error;
    try {
      return await this.#source.connect();
    } catch (error) {
      // What failed here has failed for readers too, were there any.
      this.fail(this.#known(error));
      throw error;
    }
  }

  /** Ends the flow, unless it has ended. */
  fail(error: AnthropicError): void {
    if (this.#hub.ending === undefined) this.#keepHeld();
    this.#hub.end(this.#known(error));
  }

  /** There will be no other try: what its message_start said, such as the usage, is part of the message. */
  #keepHeld(): void {
    if (this.#held === undefined || this.#draft.snapshot !== undefined) return;
    try {
      this.#draft.apply(this.#held);
    } catch {
      // Not a message, so there is nothing to keep; the stream ends with another error already.
    }
  }

  /** The first need: from here on the signal counts. */
  #begin(): void {
    // After the end nobody would take the listener off again.
    if (this.#isBegun || this.#hub.ending !== undefined) return;
    this.#isBegun = true;
    this.#stopListening = onAbort(this.#signal, this.#aborted);
  }

  readonly #aborted = (): void => {
    this.fail(new APIUserAbortError('the request was aborted', { cause: this.#signal?.reason }));
  };

  readonly #pull = (): MaybePromise<LooseEvent | undefined> => {
    this.#begin();
    if (this.#hub.ending !== undefined) throw this.#hub.ending.error;
    return this.#source.next();
  };

  readonly #accept = (event: LooseEvent | undefined): LooseEvent | undefined => {
    // A clean end after a stop reason is complete too; readers still get their message_stop.
    if (event === undefined) return this.#finished({ type: 'message_stop' });
    return this.#draft.apply(event) ? this.#finished(event) : undefined;
  };

  /** What our events have beyond the raw ones. */
  #finished(event: LooseEvent): LooseEvent {
    if (event.type === 'content_block_stop') {
      return { ...event, content_block: this.#draft.block(event.index as number) };
    }
    if (event.type !== 'message_stop') return event;
    this.#stop = { ...event, message: this.#draft.snapshot };
    return this.#stop;
  }

  readonly #delivered = (event: LooseEvent): void => {
    if (!this.#emitter.isEmpty)
      emitEvent(this.#emitter, event, (index) => this.#draft.block(index));
    if (event.type === 'message_stop') this.#hub.end();
  };

  readonly #ended = (error: unknown): void => {
    this.#stopListening();
    this.#attempts.end(error as AnthropicError | undefined);
    if (error !== undefined) {
      this.#source.cancel(error as AnthropicError);
      if (!this.#isLeft) this.#emitter.emit('error', error);
    }
    this.#emitter.emit('end');
  };

  #past(): LooseEvent[] {
    const past = this.#draft.past().map((event) => this.#finished(event));
    return this.#stop === undefined ? past : [...past, this.#stop];
  }

  /** For a listener that came after the end. */
  #catchUp(name: string, listener: Listener): void {
    const { error } = this.#hub.ending ?? {};
    const happened: Record<string, unknown[] | undefined> = {
      connect: this.#head && [toResponse(this.#head)],
      message: this.#stop && [this.#stop.message],
      error: error === undefined || this.#isLeft ? undefined : [error],
      end: [],
    };
    const args = happened[name];
    if (args !== undefined) this.#emitter.emitTo(listener, name, args);
  }

  #connected(head: ResponseHead): void {
    const isFirst = this.#head === undefined;
    this.#head = head;
    this.#attempts.connected(requestIdOf(head));
    if (isFirst && this.#emitter.has('connect')) this.#emitter.emit('connect', toResponse(head));
  }

  #partial(): ReturnType<SourceOwner['partial']> {
    const { snapshot: message, openPlace: open } = this.#draft;
    return message === undefined || open === null ? undefined : { message, open };
  }

  #discard(from: number): void {
    const discarded = this.#draft.snapshot?.content.slice(from) ?? [];
    this.#draft.discardFrom(from);
    this.#attempts.discarded();
    this.#emitter.emit('restart', { index: from, discarded });
  }

  #leave(): void {
    this.#isLeft = true;
    this.fail(new APIUserAbortError('the reader left the stream before its end'));
  }

  #known(error: unknown): AnthropicError {
    return addContext(asAnthropicError(error), {
      requestId: this.requestId,
      partialMessage: this.#draft.snapshot as Message | undefined,
    });
  }
}

function textDelta(event: LooseEvent): string | undefined {
  if (event.type !== 'content_block_delta') return undefined;
  const delta = event.delta as LooseDelta;
  // An empty piece tells a reader of text nothing.
  return delta.type === 'text_delta' ? (delta.text as string) || undefined : undefined;
}
