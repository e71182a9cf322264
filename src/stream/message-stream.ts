import { type AnthropicError, APIUserAbortError } from '../errors.js';
import type { LooseBlock, LooseEvent } from '../message/loose.js';
import type { RateLimit } from '../rate-limit.js';
import { encodeEvent } from '../sse/encode.js';
import type { RequestOptions } from '../transport/settings.js';
import { toResponse } from '../transport/to-response.js';
import type { AnyMessage } from '../wire/beta.js';
import type { MessageStreamEvent } from '../wire/events.js';
import type { Message } from '../wire/message.js';
import type { StreamAttempt } from './attempt-log.js';
import type { MessageStreamListeners } from './listeners.js';
import { MessageFlow } from './message-flow.js';
import { rawEvent } from './own-event.js';
import { quiet } from './quiet.js';
import { ReceivedSource } from './received-source.js';
import type { EventSource, SourceOwner } from './source.js';
import { textOf } from './text-of.js';
import { sseResponse, sseStream } from './to-response.js';

/**
 * One message while it is streamed: read it as events, as text, through listeners, or as a whole, in
 * any number of ways at once and at any time.
 *
 * The request goes out when somebody first wants something, and bytes are read only as fast as they
 * are wanted. A stream ends complete, or with an AnthropicError that every reader gets after the
 * events that came before it; whoever reads later gets the same.
 */
export class MessageStream<M extends AnyMessage = Message>
  implements AsyncIterable<MessageStreamEvent<M>>, AsyncDisposable
{
  readonly #flow: MessageFlow;

  /** @internal Made by `client.messages.stream()` and `MessageStream.from()`. */
  constructor(open: (owner: SourceOwner) => EventSource, signal?: AbortSignal) {
    this.#flow = new MessageFlow(open, signal);
  }

  /**
   * The stream in a response that was fetched elsewhere, such as one that `toResponse()` made.
   *
   * An `error` event in it ends this stream with the same class of error that ended the first. Limits
   * and their defaults are those of a client.
   * @throws AnthropicError when an option makes no sense.
   */
  static from<M extends AnyMessage = Message>(
    received: Response | ReadableStream<Uint8Array>,
    options: Pick<RequestOptions, 'signal' | 'timeout' | 'maxEventBytes'> = {},
  ): MessageStream<M> {
    return new MessageStream<M>(
      (owner) => new ReceivedSource(received, options, owner),
      options.signal,
    );
  }

  /**
   * The events, from the first one on: one that comes late gets the past merged, then the rest.
   * @throws AnthropicError (rejects), after the events that came before it.
   */
  [Symbol.asyncIterator](): AsyncIterableIterator<MessageStreamEvent<M>, undefined> {
    return this.#flow.events(noPing) as AsyncIterableIterator<MessageStreamEvent<M>, undefined>;
  }

  /**
   * The text of all text blocks, piece by piece. Each `for await` over it is a reader of its own.
   * @throws AnthropicError (rejects), after the text that came before it.
   */
  get textStream(): AsyncIterable<string> {
    return { [Symbol.asyncIterator]: () => this.#flow.text() };
  }

  /**
   * The message so far; undefined before `message_start`. It stays after the end, whatever the end.
   * Built when it is read, kept until the next event; never changed afterwards.
   */
  get currentMessageSnapshot(): M | undefined {
    return this.#flow.snapshot as M | undefined;
  }

  /**
   * Reads what is left and gives the finished message.
   * @throws AnthropicError (rejects) where the stream does not come to its end.
   */
  getFinalMessage(): Promise<M> {
    return quiet(this.#flow.complete() as Promise<unknown> as Promise<M>);
  }

  /**
   * Reads what is left and gives the text of all text blocks, joined with nothing between; '' where
   * there is none.
   * @throws AnthropicError (rejects) where the stream does not come to its end.
   */
  getFinalText(): Promise<string> {
    return quiet(this.#flow.complete().then(({ content }) => textOf(content)));
  }

  /**
   * Reads what is left.
   * @throws AnthropicError (rejects) where the stream does not come to its end.
   */
  untilDone(): Promise<void> {
    return quiet(this.#flow.complete().then(() => {}));
  }

  /**
   * Sends the request, if it has not gone out, and waits for the response headers.
   * @throws AnthropicError (rejects) where no response comes, or one with an error status.
   */
  connect(): Promise<this> {
    return quiet(this.#flow.connect().then(() => this));
  }

  /**
   * Status and headers of the response. Its body is this stream.
   * @throws AnthropicError (rejects) where no response comes, or one with an error status.
   */
  get response(): Promise<Response> {
    return quiet(this.#flow.connect().then(toResponse));
  }

  /** The API's id for the request; undefined before the response headers. */
  get requestId(): string | undefined {
    return this.#flow.requestId;
  }

  /** What the latest response said of rate limits; undefined before it, or where it said nothing. */
  get rateLimit(): RateLimit | undefined {
    return this.#flow.rateLimit;
  }

  /** The requests of this stream: the first, its retries, those for the rest of a broken message. */
  get attempts(): StreamAttempt[] {
    return this.#flow.attempts;
  }

  /**
   * Listens. Listeners get what comes from now on; those for an end that has come are called soon.
   * @throws AnthropicError when there is no such name.
   */
  on<N extends keyof MessageStreamListeners<M>>(
    name: N,
    listener: MessageStreamListeners<M>[N],
  ): this {
    this.#flow.listen(name, listener, false);
    return this;
  }

  /** Listens for the first one only. */
  once<N extends keyof MessageStreamListeners<M>>(
    name: N,
    listener: MessageStreamListeners<M>[N],
  ): this {
    this.#flow.listen(name, listener, true);
    return this;
  }

  /** Listens no more. The stream goes on. */
  off<N extends keyof MessageStreamListeners<M>>(
    name: N,
    listener: MessageStreamListeners<M>[N],
  ): this {
    this.#flow.unlisten(name, listener);
    return this;
  }

  /**
   * @internal For the tool runner: keeps the stream open when its readers leave. Tells of each finished
   * block once every reader has come back for what follows it, and of a failure. Does not make it read.
   */
  follow(
    blockSeen: (block: M['content'][number]) => void,
    failed: (error: AnthropicError) => void,
  ): void {
    this.#flow.follow(blockSeen as (block: LooseBlock) => void, failed);
  }

  /**
   * The stream as server-sent events, to be passed on by a web server; `MessageStream.from` reads it
   * on the far side. Errors travel as `error` events, so nothing is cut silently. When the client
   * goes away and nobody else reads, the request is closed.
   */
  toResponse(init?: ResponseInit): Response {
    return sseResponse(
      sseStream(
        this.#flow.events((event) => event),
        encodeRaw,
      ),
      init,
    );
  }

  /**
   * Ends the stream now, at any time, as often as you like. Readers that wait get APIUserAbortError;
   * what was received stays readable. After a complete message it does nothing.
   */
  close(): void {
    this.#flow.fail(new APIUserAbortError('the stream was closed'));
  }

  /** `close()`, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
  }
}

function encodeRaw(event: LooseEvent): string {
  return encodeEvent({ event: event.type, data: JSON.stringify(rawEvent(event)) });
}

/** What readers get of an event. */
function noPing(event: LooseEvent): LooseEvent | undefined {
  return event.type === 'ping' ? undefined : event;
}
