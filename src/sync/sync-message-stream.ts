import { aSize, checkOptions } from '../check-options.js';
import type { AnthropicError } from '../errors.js';
import { textOf } from '../message/text-of.js';
import type { UntypedBlock, UntypedMessage } from '../message/untyped.js';
import { NEVER_PENDING, PENDING } from '../pull/poll.js';
import type { RateLimit } from '../rate-limit.js';
import type { StreamAttempt } from '../stream/attempt-log.js';
import { DENO_INSPECT, INSPECT, inspectStream } from '../stream/inspect-stream.js';
import type { MessageStreamListeners } from '../stream/listeners.js';
import type { MessageStreamCore } from '../stream/message-stream-core.js';
import { ReceivedSource } from '../stream/received-source.js';
import type { EventSource, SourceOwner } from '../stream/source.js';
import type { AbortSignals } from '../transport/on-abort.js';
import type { ResponseHead } from '../transport/port.js';
import { toResponse } from '../transport/to-response.js';
import type { AnyMessage } from '../wire/beta.js';
import type { MessageStreamEvent } from '../wire/events.js';
import type { Message } from '../wire/message.js';
import { BlockingReader, readsItself } from './blocking-reader.js';
import { type Bytes, chunksOf, toTransportResponse } from './bytes.js';
import { InterruptibleMessageCore, reasonOf } from './interruption.js';
import type { SyncRequestOptions } from './options.js';

const FROM_OPTIONS = { maxEventBytes: aSize, maxMessageBytes: aSize };

/**
 * One message while it is streamed: read it as events, as text, or as a whole, in any combination, at any
 * time. Reading blocks this thread until there is more.
 *
 * The request goes out at the first need, and little is read ahead. A stream ends complete, or with an
 * AnthropicError that every reader gets after the events before it; later readers get the same error.
 */
export class SyncMessageStream<M extends AnyMessage = Message>
  implements Iterable<MessageStreamEvent<M>>, Disposable
{
  readonly #core: MessageStreamCore;

  /** @internal Made by `client.messages.stream()`. */
  constructor(open: (owner: SourceOwner) => EventSource, signals?: AbortSignals) {
    this.#core = new InterruptibleMessageCore(open, signals);
  }

  /**
   * The stream in bytes that are at hand: a file, or the text of a response, such as one made by
   * `toResponse()`.
   *
   * An `error` event in it ends this stream with the same class of error that ended the first. Limits
   * and their defaults are those of a client.
   * @throws AnthropicError for an invalid option, and for what has to be awaited, such as a Response.
   */
  static from<M extends AnyMessage = Message>(
    bytes: Bytes,
    options: Pick<SyncRequestOptions, 'maxEventBytes' | 'maxMessageBytes'> = {},
  ): SyncMessageStream<M> {
    checkOptions(options, FROM_OPTIONS);
    const response = toTransportResponse(chunksOf(bytes, 'SyncMessageStream.from()'));
    return new SyncMessageStream<M>((owner) => new ReceivedSource(response, options, owner));
  }

  /** The events, from the first one on: a late reader gets everything so far (deltas merged), then the rest. */
  [Symbol.iterator](): IterableIterator<MessageStreamEvent<M>, undefined> {
    return new BlockingReader(this.#core.events()) as unknown as IterableIterator<
      MessageStreamEvent<M>,
      undefined
    >;
  }

  /** The text of all text blocks, piece by piece. Each `for` over it is a separate reader. */
  get textStream(): Iterable<string> {
    return { [Symbol.iterator]: () => new BlockingReader(this.#core.text()) };
  }

  /**
   * The message so far; undefined before `message_start`. It stays readable after the end, an error or a
   * close. Built when it is read, cached until the next event; never changed afterwards, the `input` of a
   * tool call that is still being written included.
   */
  get currentMessageSnapshot(): M | undefined {
    return this.#core.snapshot as M | undefined;
  }

  /**
   * The input so far of the tool call at an index (`event.index`); undefined where there is none. Unlike a
   * snapshot's it is live: an object or an array is the same one every time and grows, at no cost for each
   * look, however large it is. Copy what must not change.
   */
  liveInput(index: number): unknown {
    return this.#core.liveInput(index);
  }

  /**
   * Consumes the rest and returns the finished message.
   * @throws AnthropicError where the stream fails or is closed.
   */
  getFinalMessage(): M {
    return this.#complete() as unknown as M;
  }

  /**
   * Consumes the rest and returns the text of all text blocks, joined without a separator; '' where there
   * is none.
   * @throws AnthropicError where the stream fails or is closed.
   */
  getFinalText(): string {
    return textOf(this.#complete());
  }

  /**
   * Consumes the rest.
   * @throws AnthropicError where the stream fails or is closed.
   */
  untilDone(): void {
    this.#complete();
  }

  /**
   * Sends the request, unless it was sent, and waits for the response headers.
   * @throws AnthropicError for no response, or one with an error status.
   */
  connect(): this {
    this.#connect();
    return this;
  }

  /**
   * Status and headers of the response, once they have arrived. Its body is this stream.
   * @throws AnthropicError for no response, or one with an error status.
   */
  get response(): Response {
    return toResponse(this.#connect());
  }

  /** The API's id for the request; undefined before the response headers. */
  get requestId(): string | undefined {
    return this.#core.requestId;
  }

  /** The rate limits in the latest response; undefined before it, or where it has none. */
  get rateLimit(): RateLimit | undefined {
    return this.#core.rateLimit;
  }

  /** The requests of this stream: the first, its retries, those for the rest of a broken message. */
  get attempts(): StreamAttempt[] {
    return this.#core.attempts;
  }

  /**
   * Adds a listener, for events from now on; it is called while something reads. A listener doesn't
   * make the stream read: without a loop of your own, call `untilDone()`. Listeners for the end of a
   * stream that has ended are called at once. A listener can close the stream, but not read it.
   * @throws AnthropicError for an unknown event name.
   */
  on<N extends keyof MessageStreamListeners<M>>(
    name: N,
    listener: MessageStreamListeners<M>[N],
  ): this {
    this.#core.listeners.listenNow(name, listener, false);
    return this;
  }

  /** Adds a listener for the next event of this name only. */
  once<N extends keyof MessageStreamListeners<M>>(
    name: N,
    listener: MessageStreamListeners<M>[N],
  ): this {
    this.#core.listeners.listenNow(name, listener, true);
    return this;
  }

  /** Removes a listener. */
  off<N extends keyof MessageStreamListeners<M>>(
    name: N,
    listener: MessageStreamListeners<M>[N],
  ): this {
    this.#core.listeners.remove(name, listener);
    return this;
  }

  /**
   * @internal For the tool runner: keeps the stream open when its readers leave. Reports each finished
   * block once every reader has come back for more, and a failure. Doesn't make the stream read.
   */
  follow(
    blockSeen: (block: M['content'][number]) => void,
    failed: (error: AnthropicError) => void,
  ): void {
    this.#core.follow(blockSeen as (block: UntypedBlock) => void, failed);
  }

  /**
   * Ends the stream now; idempotent. Readers that continue get APIUserAbortError; what was received stays
   * readable. After a complete message it does nothing.
   */
  close(): void {
    this.#core.close();
  }

  /** `close()`, for `using`. */
  [Symbol.dispose](): void {
    this.close();
  }

  /** @internal What console.log shows: state, model, request id, blocks and usage. */
  [INSPECT](): string {
    return inspectStream('SyncMessageStream', this.#core);
  }

  /** @internal The same on Deno. */
  [DENO_INSPECT](): string {
    return this[INSPECT]();
  }

  #complete(): UntypedMessage {
    try {
      const message = this.#core.completeNow();
      if (message === PENDING) throw readsItself();
      return message;
    } catch (thrown) {
      throw reasonOf(thrown);
    }
  }

  #connect(): ResponseHead {
    try {
      const head = this.#core.connect(NEVER_PENDING);
      if (head === PENDING) throw readsItself();
      return head;
    } catch (thrown) {
      throw reasonOf(thrown);
    }
  }
}
