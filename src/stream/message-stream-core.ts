import { type AnthropicError, APIUserAbortError } from '../errors.js';
import type { UntypedBlock, UntypedEvent, UntypedMessage } from '../message/untyped.js';
import { TextBacklog } from '../pull/backlog.js';
import { Broadcast, type BroadcastSource } from '../pull/broadcast.js';
import { CaughtUp } from '../pull/caught-up.js';
import { Cursor } from '../pull/cursor.js';
import { NEVER_PENDING, PENDING, type Poll, toPoll, type Wake } from '../pull/poll.js';
import type { RateLimit } from '../rate-limit.js';
import { raise } from '../thrown.js';
import { type AbortSignals, endOnAbort } from '../transport/on-abort.js';
import type { ResponseHead } from '../transport/port.js';
import { toResponse } from '../transport/to-response.js';
import type { StreamAttempt } from './attempt-log.js';
import { EventBacklog } from './event-backlog.js';
import { inputCode } from './input-code.js';
import { emitEvent } from './listeners.js';
import { MessageEmitter } from './message-emitter.js';
import { MessageRecord } from './message-record.js';
import { forReaders } from './restart.js';
import type { EventSource, Next, SourceOwner } from './source.js';
import { textReader } from './text-reader.js';

/**
 * What happens behind a MessageStream, awaiting or blocking: raw events come from a source, are
 * accumulated, and go to readers and listeners. All of it on demand, and with one end for all.
 */
export class MessageStreamCore implements BroadcastSource<UntypedEvent, UntypedEvent> {
  readonly #record = new MessageRecord();
  /** The start of a tool call, until the code for its input is there. */
  #held: ((wake: Wake) => Poll<UntypedEvent>) | undefined;
  readonly #broadcast: Broadcast<UntypedEvent, UntypedEvent>;
  /** For `on`, `once` and `off`. */
  readonly listeners: MessageEmitter;
  #source: EventSource | undefined;
  readonly #signals: AbortSignals;
  #stopListening = (): void => {};
  #isBegun = false;
  #isComplete = false;
  /** The last reader has left. */
  #isLeft = false;
  #isClosed = false; // By close() or a signal.
  #isFollowed = false; // The tool runner reads it, and reports its failure.
  /** Calls that wait for the response. A source whose code is being loaded does not wake them. */
  #connecting: Set<Wake> | undefined;
  /** Readers of responses that were made of it: they receive a failure whenever they are read. */
  readonly #served: Cursor<UntypedEvent, UntypedEvent>[] = [];

  constructor(open: (owner: SourceOwner) => EventSource, signals: AbortSignals = []) {
    this.#signals = signals;
    this.#broadcast = new Broadcast(this);
    this.listeners = new MessageEmitter(this.#broadcast, () => {
      return this.#record.missed(this.#isLeft ? undefined : this.ending?.error);
    });
    this.#source = open({
      onTry: (kind) => this.#record.tried(kind),
      onTryFailed: (error) => this.#record.tryFailed(error),
      onHeld: (event) => this.#record.held(event),
      onHead: (head) => this.#connected(head),
      onRetry: (info) => this.listeners.emit('retry', info),
      onRecover: (info) => {
        this.#record.broke(info.error);
        this.listeners.emit('recover', info);
      },
      onSeen: (event) => void this.#record.accept(event),
      partial: () => this.#record.partial(),
    });
  }

  /** How it ended; undefined while it goes on. */
  get ending(): { readonly error: unknown } | undefined {
    return this.#broadcast.ending;
  }

  /** Of the latest response; undefined before it. */
  get head(): ResponseHead | undefined {
    return this.#record.head;
  }

  get snapshot(): UntypedMessage | undefined {
    return this.#record.snapshot;
  }

  readonly #field = (index: number, name: string): unknown => this.#record.field(index, name);

  /** The input of the tool call at an index, as far as it came: it grows. */
  liveInput(index: number): unknown {
    return this.#record.field(index, 'input');
  }

  get requestId(): string | undefined {
    return this.#record.requestId;
  }

  get rateLimit(): RateLimit | undefined {
    return this.#record.rateLimit;
  }

  get attempts(): StreamAttempt[] {
    return this.#record.attempts;
  }

  /** A reader's place. @param select returns the event, or undefined for one that the reader skips. */
  events(
    select: (event: UntypedEvent) => UntypedEvent | undefined = forReaders,
  ): Cursor<UntypedEvent, UntypedEvent> {
    const selected = (): UntypedEvent[] =>
      this.#record.past().flatMap((event) => select(event) ?? []);
    const past = (): EventBacklog => new EventBacklog(selected());
    return new Cursor(this.#broadcast, { select, past });
  }

  /** The place of a reader that passes everything on, pings and restarts included. */
  serve(
    select: (event: UntypedEvent) => UntypedEvent | undefined = (event) => event,
  ): Cursor<UntypedEvent, UntypedEvent> {
    const cursor = this.events(select);
    this.#served.push(cursor);
    return cursor;
  }

  /** The place of a reader of text. */
  text(): Cursor<UntypedEvent, string> {
    const select = textReader();
    const past = (): TextBacklog => new TextBacklog(this.#record.pastText(select));
    return new Cursor(this.#broadcast, { select, past });
  }

  /** Reads the rest and returns the finished message. @throws the error that the stream ends with. */
  complete(wake: Wake): Poll<UntypedMessage> {
    const { ending } = this.#broadcast;
    if (ending === undefined) {
      this.#broadcast.onEnd(wake);
      this.#broadcast.readAhead();
      return PENDING;
    }
    if (ending.error !== undefined) throw ending.error;
    return this.#record.snapshot as UntypedMessage;
  }

  /** The same for a source that blocks: PENDING only where a listener or callback of the stream asks. */
  completeNow(): Poll<UntypedMessage> {
    this.#broadcast.drain();
    return this.#broadcast.ending === undefined ? PENDING : this.complete(NEVER_PENDING);
  }

  /**
   * For a caller that will read everything, at the pace of the other readers. Keeps the stream open; reports
   * a failure, and blocks that are finished before the stop reason once all readers have come back for more.
   */
  follow(blockSeen: (block: UntypedBlock) => void, failed: (error: AnthropicError) => void): void {
    this.#isFollowed = true;
    this.#broadcast.keepOpen();
    const caughtUp = new CaughtUp(this.#broadcast);
    // Added here and not through `listen`: following must not make the stream read.
    const seen = (block: UntypedBlock): unknown =>
      this.#record.hasStopReason || caughtUp.when(() => blockSeen(block));
    this.listeners.add('contentBlock', seen, false);
    const error = (): unknown => this.#broadcast.ending?.error;
    this.listeners.add('end', () => error() && failed(error() as AnthropicError), true);
  }

  /** @throws AnthropicError where no response arrives, or one with an error status. */
  connect(wake: Wake): Poll<ResponseHead> {
    this.#begin();
    if (this.#record.head !== undefined) return this.#record.head;
    if (this.#broadcast.ending?.error !== undefined) throw this.#broadcast.ending.error;
    this.#connecting ??= new Set();
    this.#connecting.add(wake);
    let head: Poll<ResponseHead> = PENDING;
    try {
      head = (this.#source as EventSource).connect(wake);
      return head;
    } catch (error) {
      // What failed here has failed for readers too.
      this.fail(this.toError(error));
      throw this.#broadcast.ending?.error;
    } finally {
      if (head !== PENDING || this.#broadcast.ending !== undefined) this.#connecting.delete(wake);
    }
  }

  /** Ends the stream for the caller. After a complete message it does nothing. */
  close(error?: APIUserAbortError): void {
    if (this.#broadcast.ending !== undefined) return;
    this.#isClosed = true;
    this.fail(error ?? new APIUserAbortError('the stream was closed'));
  }

  /** Ends the stream, unless it has ended, or its message is complete. */
  fail(error: AnthropicError): void {
    if (this.#isComplete) return;
    if (this.#broadcast.ending === undefined) this.#record.keepHeld();
    this.#broadcast.end(this.#record.known(error));
  }

  /** The first need: from here on the signals count. */
  #begin(): void {
    // After the end nothing would take the listener off again.
    if (this.#isBegun || this.#broadcast.ending !== undefined) return;
    this.#isBegun = true;
    this.#stopListening = endOnAbort(this.#signals, (error) => this.close(error));
  }

  /** @internal For the broadcast, like all that follows up to `abandoned`. */
  next(wake: Wake): Poll<Next> {
    if (!this.#isBegun) {
      this.#begin();
      if (this.#broadcast.ending !== undefined) throw this.#broadcast.ending.error;
    }
    if (this.#held !== undefined) return this.#held(wake);
    const event = (this.#source as EventSource).next(wake);
    if (event === PENDING || event?.type !== 'content_block_start') return event;
    const code = inputCode(event);
    return code === undefined ? event : this.#hold(event, toPoll(code))(wake);
  }

  #hold(event: UntypedEvent, loaded: (wake: Wake) => Poll<void>): (wake: Wake) => Poll<Next> {
    this.#held = (wake) => {
      if (loaded(wake) === PENDING) return PENDING;
      this.#held = undefined;
      return event;
    };
    return this.#held;
  }

  /** @internal */
  accept(event: UntypedEvent): Next {
    return this.#record.accept(event);
  }

  /** @internal */
  toError(thrown: unknown): AnthropicError {
    return this.#record.known(thrown);
  }

  /** @internal */
  delivered(event: UntypedEvent): void {
    // Before its listeners are called: one that closes the stream must find it complete.
    if (event.type === 'message_stop') this.#isComplete = true;
    if (!this.listeners.isEmpty) emitEvent(this.listeners, event, this.#field);
    if (this.#isComplete) this.#broadcast.end();
  }

  /** @internal */
  ended(error: AnthropicError | undefined, wasAwaited: boolean): void {
    this.#stopListening();
    this.#record.ended(error);
    if (error !== undefined) {
      this.#source?.cancel(error);
      // First: a listener that was added with once() is gone after its call.
      if (!wasAwaited && this.#isSilent()) raise(error);
      if (!this.#isLeft) this.listeners.emit('error', error);
    }
    this.#source = undefined; // With `recover` it has the params.
    this.listeners.end();
    for (const wake of this.#connecting ?? []) wake();
  }

  /** Whether a failure has no receiver, though the stream was not ended on purpose. */
  #isSilent(): boolean {
    if (this.#isLeft || this.#isClosed || this.#isFollowed) return false;
    if (this.listeners.has('error') || (this.#connecting?.size ?? 0) > 0) return false;
    return this.#served.every(({ isDone }) => isDone);
  }

  /** @internal */
  abandoned(): void {
    this.#isLeft = true;
    this.fail(new APIUserAbortError('the reader left the stream before its end'));
  }

  #connected(head: ResponseHead): void {
    const isFirst = this.#record.head === undefined;
    this.#record.connected(head);
    if (isFirst && this.listeners.has('connect')) this.listeners.emit('connect', toResponse(head));
  }
}
