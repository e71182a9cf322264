import type { AnthropicError } from '../errors.js';
import { textOf } from '../message/text-of.js';
import type { UntypedBlock, UntypedEvent, UntypedMessage } from '../message/untyped.js';
import { AsyncReader } from '../pull/async-reader.js';
import { forCaller } from '../pull/caller-stack.js';
import { toPromise } from '../pull/poll.js';
import type { RateLimit } from '../rate-limit.js';
import type { AbortSignals } from '../transport/on-abort.js';
import type { RequestOptions } from '../transport/options.js';
import type { ResponseHead } from '../transport/port.js';
import { toResponse } from '../transport/to-response.js';
import type { AnyMessage } from '../wire/beta.js';
import type { MessageStreamEvent } from '../wire/events.js';
import type { Message } from '../wire/message.js';
import type { StreamAttempt } from './attempt-log.js';
import type { OpenConnection } from './follow/followed.js';
import { lazyFollowSource } from './follow/lazy-follow-source.js';
import { DENO_INSPECT, INSPECT, inspectStream } from './inspect-stream.js';
import type { MessageStreamListeners } from './listeners.js';
import { MessageStreamCore } from './message-stream-core.js';
import type { NodeResponse } from './pipe-to.js';
import { ReceivedSource, receivedResponse } from './received-source.js';
import type { EventSource, SourceOwner } from './source.js';
import {
  checkServeOptions,
  lazyTexts,
  sseResponse,
  type Texts,
  type ToResponseOptions,
} from './sse-response.js';

/**
 * One message while it is streamed: read it as events, as text, through listeners, or as a whole. Use
 * any combination at once, at any time.
 *
 * The request goes out at the first need, and bytes are read on demand: a slow consumer applies
 * backpressure. A stream ends complete, or with an AnthropicError that every reader gets after the
 * events before it; later readers get the same error.
 */
export class MessageStream<M extends AnyMessage = Message>
  implements AsyncIterable<MessageStreamEvent<M>>, AsyncDisposable
{
  readonly #core: MessageStreamCore;

  /** @internal Made by `client.messages.stream()` and `MessageStream.from()`. */
  constructor(open: (owner: SourceOwner) => EventSource, signals?: AbortSignals) {
    this.#core = new MessageStreamCore(open, signals);
  }

  /**
   * The stream in a response that was fetched elsewhere, such as one made by `toResponse()`. An `error` event in it
   * ends this stream with the same class of error. Limits and their defaults are those of a client.
   * @throws AnthropicError for an invalid option.
   */
  static from<M extends AnyMessage = Message>(
    received: Response | ReadableStream<Uint8Array>,
    options: Pick<RequestOptions, 'signal' | 'timeout' | 'maxEventBytes' | 'maxMessageBytes'> = {},
  ): MessageStream<M> {
    const response = receivedResponse(received);
    return new MessageStream<M>(
      (owner) => new ReceivedSource(response, options, owner),
      [options.signal],
    );
  }

  /**
   * A stream over any number of connections, such as one of a relay. When a connection is lost or silent for 30 s,
   * and when a page is shown or online again, it connects again after the last event: at once, then with pauses of
   * up to 10 s. `timeout.stall` limits how long that may bring nothing, `timeout.total` all of it.
   *
   * It rejects at once for a response with 400, 401, 403 or 404, and with StreamTruncatedError for 204 before the
   * message has ended. `retry` listeners are notified of each new connection. `close()` leaves the stream.
   * @param open sends the request: with `lastEventId` in the header `last-event-id`, where it is not undefined, and with
   * `signal`, which closes it where the platform doesn't.
   * @throws AnthropicError for an invalid option.
   */
  static follow<M extends AnyMessage = Message>(
    open: OpenConnection,
    options: Pick<RequestOptions, 'signal' | 'timeout' | 'maxEventBytes' | 'maxMessageBytes'> = {},
  ): MessageStream<M> {
    return new MessageStream<M>(
      (owner) => lazyFollowSource(open, options, owner),
      [options.signal],
    );
  }

  /**
   * The events, from the first one on: a late reader gets everything so far (deltas merged), then live events.
   * @throws AnthropicError (rejects), after the events that came before it.
   */
  [Symbol.asyncIterator](): AsyncIterableIterator<MessageStreamEvent<M>, undefined> {
    return new AsyncReader(this.#core.events()) as unknown as AsyncIterableIterator<
      MessageStreamEvent<M>,
      undefined
    >;
  }

  /**
   * The text of all text blocks, piece by piece. Each `for await` over it is a separate reader.
   * @throws AnthropicError (rejects), after the text that came before it.
   */
  get textStream(): AsyncIterable<string> {
    return { [Symbol.asyncIterator]: () => new AsyncReader(this.#core.text()) };
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
   * The input so far of the tool call at an index (`event.index`); undefined where there is none. Unlike a snapshot's
   * it is live: an object or an array is the same one every time and grows, at no cost for each look, however large
   * it is. Copy what must not change. In a page that can't load the code for it, it is what the call began with until
   * the call is finished.
   */
  liveInput(index: number): unknown {
    return this.#core.liveInput(index);
  }

  /**
   * Consumes the rest and resolves with the finished message.
   * @throws AnthropicError (rejects) where the stream fails or is closed.
   */
  getFinalMessage(): Promise<M> {
    return this.#complete((message) => message as unknown as M);
  }

  /**
   * Consumes the rest and resolves with the text of all text blocks, joined without a separator; '' where
   * there is none.
   * @throws AnthropicError (rejects) where the stream fails or is closed.
   */
  getFinalText(): Promise<string> {
    return this.#complete(textOf);
  }

  /**
   * Consumes the rest.
   * @throws AnthropicError (rejects) where the stream fails or is closed.
   */
  untilDone(): Promise<void> {
    return this.#complete(() => {});
  }

  /**
   * Sends the request, unless it was sent, and waits for the response headers.
   * @throws AnthropicError (rejects) for no response, or one with an error status.
   */
  connect(): Promise<this> {
    return this.#connect(() => this);
  }

  /**
   * Status and headers of the response. Its body is this stream.
   * @throws AnthropicError (rejects) for no response, or one with an error status.
   */
  get response(): Promise<Response> {
    return this.#connect(toResponse);
  }

  /** The API's id for the request; undefined before the response headers. */
  get requestId(): string | undefined {
    return this.#core.requestId;
  }

  /** The rate limits in the latest response; undefined before it, or where it has none. */
  get rateLimit(): RateLimit | undefined {
    return this.#core.rateLimit;
  }

  /** The requests of this stream: the first, its retries, and those for the rest of a broken message. */
  get attempts(): StreamAttempt[] {
    return this.#core.attempts;
  }

  /**
   * Adds a listener, for events from now on. Listeners for the end of a stream that has ended are called
   * soon.
   * @throws AnthropicError for an unknown event name.
   */
  on<N extends keyof MessageStreamListeners<M>>(
    name: N,
    listener: MessageStreamListeners<M>[N],
  ): this {
    this.#core.listeners.listen(name, listener, false);
    return this;
  }

  /** Adds a listener for the next event of this name only. */
  once<N extends keyof MessageStreamListeners<M>>(
    name: N,
    listener: MessageStreamListeners<M>[N],
  ): this {
    this.#core.listeners.listen(name, listener, true);
    return this;
  }

  /** Removes a listener. The stream continues. */
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

  /** @internal For the relay: it costs less than a Response. */
  get responseHead(): ResponseHead | undefined {
    return this.#core.head;
  }

  /** @internal For the relay and for runs: the events as they are served, pings and restarts included. */
  servedEvents(
    select?: (event: UntypedEvent) => UntypedEvent | undefined,
  ): AsyncReader<UntypedEvent> {
    return new AsyncReader(this.#core.serve(select));
  }

  /**
   * The stream as server-sent events, for a web server to pass on; `MessageStream.from` reads it at the other end.
   * Errors travel as `error` events, so nothing is cut silently. When the client disconnects and there is no other
   * reader, the request is closed.
   *
   * Errors of the API are passed on as received. Client-side failures (no key, no connection, a bug) get a fixed
   * text, since theirs can contain addresses and secrets; `error` decides otherwise.
   * @throws AnthropicError for an unknown or invalid option of `expose`, and an invalid `onDisconnect`.
   */
  toResponse({ error, expose, onDisconnect, ...init }: ToResponseOptions = {}): Response {
    return sseResponse(this.#texts({ error, expose, onDisconnect }), init);
  }

  /**
   * `toResponse()` for a ServerResponse of Node, such as Express' `res` or Fastify's `reply.raw`: sends the head,
   * then the events at the pace of the client. The status is that of the response, unless an option says another.
   * Resolves when all is written, a failure of the stream included, or the client has disconnected.
   * @throws AnthropicError (rejects) where the headers are sent already, or for an invalid option.
   */
  async pipeTo(response: NodeResponse, options: ToResponseOptions = {}): Promise<void> {
    const texts = this.#texts(options);
    const { pipeTo } = await import('./pipe-to.js');
    await pipeTo(texts, response, options);
  }

  /**
   * Ends the stream now; idempotent. Waiting readers get APIUserAbortError; what was received stays
   * readable. After a complete message it does nothing.
   */
  close(): void {
    this.#core.close();
  }

  /** `close()`, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
  }

  /** @internal What console.log shows: state, model, request id, blocks and usage. */
  [INSPECT](): string {
    return inspectStream('MessageStream', this.#core);
  }

  /** @internal The same on Deno. */
  [DENO_INSPECT](): string {
    return this[INSPECT]();
  }

  #texts({ error, expose = {}, onDisconnect }: ToResponseOptions): Texts {
    checkServeOptions({ expose, onDisconnect });
    const events = this.servedEvents();
    const load = async (): Promise<Texts> =>
      (await import('./write-events.js')).writeMessage(events, expose, error);
    const finish = onDisconnect === 'continue' ? () => this.untilDone() : undefined;
    return lazyTexts({ load, events, finish });
  }

  #complete<T>(map: (message: UntypedMessage) => T): Promise<T> {
    return forCaller(toPromise<UntypedMessage>((wake) => this.#core.complete(wake)).then(map));
  }

  #connect<T>(map: (head: ResponseHead) => T): Promise<T> {
    return forCaller(toPromise<ResponseHead>((wake) => this.#core.connect(wake)).then(map));
  }
}
