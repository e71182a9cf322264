import { type AnthropicError, APIUserAbortError } from '../errors.js';
import type { LooseBlock, LooseEvent, LooseMessage } from '../message/loose.js';
import type { RateLimit } from '../rate-limit.js';
import type { MaybeLater, Waiting } from '../transport/later.js';
import { onAbort } from '../transport/on-abort.js';
import type { ResponseHead } from '../transport/port.js';
import { toResponse } from '../transport/to-response.js';
import type { StreamAttempt } from './attempt-log.js';
import { TextBacklog } from './backlog.js';
import { Emitter, type Listener } from './emitter.js';
import { EventBacklog } from './event-backlog.js';
import { Hub, type HubOwner } from './hub.js';
import { emitEvent, looksOn } from './listeners.js';
import { MessageState } from './message-state.js';
import type { Reader } from './reader.js';
import type { EventSource, Next, SourceOwner } from './source.js';
import { textDelta } from './text-of.js';

/**
 * What happens behind a MessageStream: raw events come from a source, are accumulated, and go to
 * readers and listeners. All of it on demand, and one end for everybody.
 */
export class MessageFlow implements HubOwner<LooseEvent, LooseEvent> {
  readonly #state = new MessageState();
  readonly #emitter = new Emitter();
  readonly #hub: Hub<LooseEvent, LooseEvent>;
  readonly #source: EventSource;
  readonly #signal: AbortSignal | undefined;
  #stopListening = (): void => {};
  #isBegun = false;
  #isLeft = false;

  constructor(open: (owner: SourceOwner) => EventSource, signal: AbortSignal | undefined) {
    this.#signal = signal;
    this.#hub = new Hub(this);
    this.#source = open({
      onTry: (how) => this.#state.tried(how),
      onTryFailed: (error) => this.#state.tryFailed(error),
      onHeld: (event) => this.#state.held(event),
      onHead: (head) => this.#connected(head),
      onRetry: (info) => this.#emitter.emit('retry', info),
      onRecover: (info) => {
        this.#state.broke(info.error);
        this.#emitter.emit('recover', info);
      },
      partial: () => this.#state.partial(),
    });
  }

  get snapshot(): LooseMessage | undefined {
    return this.#state.snapshot;
  }

  get requestId(): string | undefined {
    return this.#state.requestId;
  }

  get rateLimit(): RateLimit | undefined {
    return this.#state.rateLimit;
  }

  get attempts(): StreamAttempt[] {
    return this.#state.attempts;
  }

  /** A reader of events. @param select gives the event, or undefined for one that it passes over. */
  events(select: (event: LooseEvent) => LooseEvent | undefined): Reader<LooseEvent, LooseEvent> {
    return this.#hub.reader({
      select,
      past: () => new EventBacklog(this.#state.past()),
    });
  }

  /** A reader of text. */
  text(): Reader<LooseEvent, string> {
    return this.#hub.reader({
      select: textDelta,
      past: () => new TextBacklog(this.#state.pastText()),
    });
  }

  /** Reads what is left, for the finished message. */
  async complete(): Promise<LooseMessage> {
    await this.#hub.complete();
    return this.#state.snapshot as LooseMessage;
  }

  listen(name: string, listener: Listener, once: boolean): void {
    const isObserver = looksOn(name);
    this.#emitter.add(name, listener, once);
    const isLate = this.#hub.ending !== undefined;
    queueMicrotask(() => {
      if (isLate) this.#catchUp(name, listener);
      else if (!isObserver || !this.#hub.isRead) this.#hub.demand();
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
    if (this.#state.head !== undefined) return this.#state.head;
    if (this.#hub.ending?.error !== undefined) throw this.#hub.ending.error;
    try {
      return await this.#source.connect();
    } catch (error) {
      // What failed here has failed for readers too, were there any.
      this.fail(this.#state.known(error));
      throw error;
    }
  }

  /** Ends the flow, unless it has ended. */
  fail(error: AnthropicError): void {
    if (this.#hub.ending === undefined) this.#state.keepHeld();
    this.#hub.end(this.#state.known(error));
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

  /** @internal For the hub, like all that follows up to `abandoned`. */
  pull(waiting: Waiting<Next>): MaybeLater<Next> {
    if (!this.#isBegun) {
      this.#begin();
      if (this.#hub.ending !== undefined) throw this.#hub.ending.error;
    }
    return this.#source.next(waiting);
  }

  /** @internal */
  accept(event: LooseEvent | undefined): LooseEvent | undefined {
    return this.#state.accept(event);
  }

  /** @internal */
  failure(error: unknown): AnthropicError {
    return this.#state.known(error);
  }

  /** @internal */
  delivered(event: LooseEvent): void {
    if (!this.#emitter.isEmpty) {
      emitEvent(this.#emitter, event, (index) => this.#state.block(index));
    }
    if (event.type === 'message_stop') this.#hub.end();
  }

  /** @internal */
  ended(error: unknown): void {
    this.#stopListening();
    this.#state.ended(error);
    if (error !== undefined) {
      this.#source.cancel(error as AnthropicError);
      if (!this.#isLeft) this.#emitter.emit('error', error);
    }
    this.#emitter.emit('end');
  }

  /** @internal */
  abandoned(): void {
    this.#isLeft = true;
    this.fail(new APIUserAbortError('the reader left the stream before its end'));
  }

  /** For a listener that came after the end. */
  #catchUp(name: string, listener: Listener): void {
    const { error } = this.#hub.ending ?? {};
    const { head, stop } = this.#state;
    const happened: Record<string, unknown[] | undefined> = {
      connect: head && [toResponse(head)],
      message: stop && [stop.message],
      error: error === undefined || this.#isLeft ? undefined : [error],
      end: [],
    };
    const args = happened[name];
    if (args !== undefined) this.#emitter.emitTo(listener, name, args);
  }

  #connected(head: ResponseHead): void {
    const isFirst = this.#state.head === undefined;
    this.#state.connected(head);
    if (isFirst && this.#emitter.has('connect')) this.#emitter.emit('connect', toResponse(head));
  }
}
