import { type AnthropicError, APIUserAbortError, addContext, asAnthropicError } from '../errors.js';
import { MessageDraft } from '../message/draft.js';
import type { LooseBlock, LooseDelta, LooseEvent } from '../message/loose.js';
import { encodeEvent } from '../sse/encode.js';
import type { ResponseHead } from '../transport/port.js';
import type { RequestOptions } from '../transport/settings.js';
import { requestIdOf, toResponse } from '../transport/to-response.js';
import type { AnyMessage } from '../wire/beta.js';
import type { MessageStreamEvent } from '../wire/events.js';
import type { Message } from '../wire/message.js';
import { TextBacklog } from './backlog.js';
import { Emitter, type Listener } from './emitter.js';
import { EventBacklog } from './event-backlog.js';
import { Hub } from './hub.js';
import { emitEvent, type MessageStreamListeners, OBSERVERS } from './listeners.js';
import { quiet } from './quiet.js';
import type { Reader } from './reader.js';
import { ReceivedSource } from './received-source.js';
import type { EventSource, MaybePromise, SourceListener } from './source.js';
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
  readonly #draft = new MessageDraft();
  readonly #emitter = new Emitter();
  readonly #hub: Hub<LooseEvent>;
  readonly #source: EventSource;
  readonly #signal: AbortSignal | undefined;
  #head: ResponseHead | undefined;
  #isBegun = false;
  #isLeft = false;
  #stop: LooseEvent | undefined;

  /** @internal Made by `client.messages.stream()` and `MessageStream.from()`. */
  constructor(open: (listener: SourceListener) => EventSource, signal?: AbortSignal) {
    this.#signal = signal;
    this.#hub = new Hub({
      advance: this.#advance,
      delivered: this.#delivered,
      ended: this.#ended,
      abandoned: () => this.#leave(),
    });
    this.#source = open({
      onHead: (head) => this.#connected(head),
      onRetry: (info) => this.#emitter.emit('retry', info),
    });
  }

  /**
   * The stream in a response that was fetched elsewhere, such as one that `toResponse()` made.
   *
   * An `error` event in it ends this stream with the same class of error that ended the first.
   */
  static from<M extends AnyMessage = Message>(
    received: Response | ReadableStream<Uint8Array>,
    options: Pick<RequestOptions, 'signal' | 'timeout' | 'maxEventBytes'> = {},
  ): MessageStream<M> {
    return new MessageStream<M>(
      (listener) => new ReceivedSource(received, options, listener),
      options.signal,
    );
  }

  /** The events, from the first one on: one that comes late gets the past merged, then the rest. */
  [Symbol.asyncIterator](): AsyncIterableIterator<MessageStreamEvent<M>, undefined> {
    return this.#events((event) => event.type !== 'ping') as AsyncIterableIterator<
      MessageStreamEvent<M>,
      undefined
    >;
  }

  /** The text of all text blocks, piece by piece. Each `for await` over it is a reader of its own. */
  get textStream(): AsyncIterable<string> {
    return { [Symbol.asyncIterator]: () => this.#hub.reader<string>(this.#textView) };
  }

  /**
   * The message so far; undefined before `message_start`. It stays after the end, whatever the end.
   * Built when it is read, kept until the next event; never changed afterwards.
   */
  get currentMessageSnapshot(): M | undefined {
    return this.#draft.snapshot as M | undefined;
  }

  /** Reads what is left and gives the finished message. */
  getFinalMessage(): Promise<M> {
    return quiet(this.#hub.complete().then(() => this.#draft.snapshot as unknown as M));
  }

  /** Reads what is left and gives the text of all text blocks, joined with nothing between. */
  getFinalText(): Promise<string> {
    return quiet(this.#hub.complete().then(() => textOf(this.#draft.snapshot?.content ?? [])));
  }

  /** Reads what is left. */
  untilDone(): Promise<void> {
    return quiet(this.#hub.complete());
  }

  /** Sends the request, if it has not gone out, and waits for the response headers. */
  connect(): Promise<this> {
    return quiet(this.#connect().then(() => this));
  }

  /** Status and headers of the response. Its body is this stream. */
  get response(): Promise<Response> {
    return quiet(this.#connect().then(toResponse));
  }

  /** The API's id for the request; undefined before the response headers. */
  get requestId(): string | undefined {
    return requestIdOf(this.#head);
  }

  /** Listens. Listeners get what comes from now on; those for an end that has come are called soon. */
  on<N extends keyof MessageStreamListeners<M>>(
    name: N,
    listener: MessageStreamListeners<M>[N],
  ): this {
    return this.#listen(name, listener, false);
  }

  /** Listens for the first one only. */
  once<N extends keyof MessageStreamListeners<M>>(
    name: N,
    listener: MessageStreamListeners<M>[N],
  ): this {
    return this.#listen(name, listener, true);
  }

  /** Listens no more. The stream goes on. */
  off<N extends keyof MessageStreamListeners<M>>(
    name: N,
    listener: MessageStreamListeners<M>[N],
  ): this {
    this.#emitter.remove(name, listener);
    return this;
  }

  /**
   * The stream as server-sent events, to be passed on by a web server; `MessageStream.from` reads it
   * on the far side. Errors travel as `error` events, so nothing is cut silently. When the client
   * goes away and nobody else reads, the request is closed.
   */
  toResponse(init?: ResponseInit): Response {
    return sseResponse(
      sseStream(
        this.#events(() => true),
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
    this.#fail(new APIUserAbortError('the stream was closed'));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
  }

  readonly #textView = {
    select: textDelta,
    past: (): TextBacklog => new TextBacklog(this.#draft.past().map(textDelta).join('')),
  };

  #events(select: (event: LooseEvent) => boolean): Reader<LooseEvent, LooseEvent> {
    return this.#hub.reader({
      select: (event) => (select(event) ? event : undefined),
      past: () => new EventBacklog(this.#past()),
    });
  }

  #past(): LooseEvent[] {
    const past = this.#draft.past().map((event) => this.#finished(event));
    return this.#stop === undefined ? past : [...past, this.#stop];
  }

  #listen(name: string, listener: Listener, once: boolean): this {
    this.#emitter.add(name, listener, once);
    queueMicrotask(() => {
      if (this.#hub.ending !== undefined) this.#catchUp(name, listener);
      else if (!OBSERVERS.has(name) || !this.#hub.isRead) this.#hub.demand();
    });
    return this;
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
    if (args !== undefined) this.#emitter.call(name, listener, args);
  }

  /** The first need: from here on the signal counts. */
  #begin(): void {
    if (this.#isBegun) return;
    this.#isBegun = true;
    if (this.#signal?.aborted) this.#aborted();
    else this.#signal?.addEventListener('abort', this.#aborted, { once: true });
  }

  readonly #aborted = (): void => {
    this.#fail(new APIUserAbortError('the request was aborted', { cause: this.#signal?.reason }));
  };

  async #connect(): Promise<ResponseHead> {
    this.#begin();
    if (this.#head !== undefined) return this.#head;
    if (this.#hub.ending?.error !== undefined) throw this.#hub.ending.error;
    try {
      return await this.#source.connect();
    } catch (error) {
      throw this.#known(error);
    }
  }

  readonly #advance = (): MaybePromise<LooseEvent | undefined> => {
    this.#begin();
    if (this.#hub.ending !== undefined) throw this.#hub.ending.error;
    try {
      const event = this.#source.next();
      return event instanceof Promise ? event.then(this.#take, this.#rethrow) : this.#take(event);
    } catch (error) {
      throw this.#known(error);
    }
  };

  readonly #take = (event: LooseEvent | undefined): MaybePromise<LooseEvent | undefined> => {
    // A clean end after a stop reason is complete too; readers still get their message_stop.
    if (event === undefined) return this.#finished({ type: 'message_stop' });
    let isNews: boolean;
    try {
      isNews = this.#draft.apply(event);
    } catch (error) {
      throw this.#known(error);
    }
    return isNews ? this.#finished(event) : this.#advance();
  };

  readonly #rethrow = (error: unknown): never => {
    throw this.#known(error);
  };

  /** What our events have beyond the raw ones. */
  #finished(event: LooseEvent): LooseEvent {
    if (event.type === 'content_block_stop') {
      return { ...event, content_block: this.#draft.block(event.index as number) };
    }
    if (event.type === 'message_stop') {
      this.#stop = { ...event, message: this.#draft.snapshot };
      return this.#stop;
    }
    return event;
  }

  readonly #delivered = (event: LooseEvent): void => {
    emitEvent(this.#emitter, event, (index) => this.#draft.block(index));
    if (event.type === 'message_stop') this.#hub.end();
  };

  readonly #ended = (error: unknown): void => {
    this.#signal?.removeEventListener('abort', this.#aborted);
    if (error !== undefined) {
      this.#source.cancel(error as AnthropicError);
      if (!this.#isLeft) this.#emitter.emit('error', error);
    }
    this.#emitter.emit('end');
  };

  #connected(head: ResponseHead): void {
    const isFirst = this.#head === undefined;
    this.#head = head;
    if (isFirst && this.#emitter.has('connect')) this.#emitter.emit('connect', toResponse(head));
  }

  #leave(): void {
    this.#isLeft = true;
    this.#fail(new APIUserAbortError('the reader left the stream before its end'));
  }

  #fail(error: AnthropicError): void {
    this.#hub.end(this.#known(error));
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

function textOf(blocks: readonly LooseBlock[]): string {
  return blocks.map((block) => (block.type === 'text' ? block.text : '')).join('');
}

/** Our events as the API sends them: without what they have beyond the raw ones. */
function encodeRaw(event: LooseEvent): string {
  const { type, index } = event;
  const raw =
    type === 'content_block_stop' ? { type, index } : type === 'message_stop' ? { type } : event;
  return encodeEvent({ event: type, data: JSON.stringify(raw) });
}
