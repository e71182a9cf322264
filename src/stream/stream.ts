import { AnthropicError, APIUserAbortError, addContext, asAnthropicError } from '../errors.js';
import { type ServerSentEvent, SseDecoder } from '../sse/decoder.js';
import { encodeEvent } from '../sse/encode.js';
import { type MaybeLater, tell, type Waiting } from '../transport/later.js';
import { onAbort } from '../transport/on-abort.js';
import type { ResponseHead } from '../transport/port.js';
import type { RequestOptions } from '../transport/settings.js';
import { requestIdOf, toResponse } from '../transport/to-response.js';
import { Queue } from './backlog.js';
import { Hub } from './hub.js';
import { nextOf } from './next-of.js';
import type { Reader } from './reader.js';
import { sseStream } from './to-response.js';

/** Where a Stream's items come from. */
export interface ItemSource<T> {
  /** The response behind it, known before the first item. */
  head: () => ResponseHead | undefined;
  next: (waiting: Waiting<T | undefined>) => MaybeLater<T | undefined>;
  cancel: (reason: AnthropicError) => void;
  signal?: AbortSignal | undefined;
}

/**
 * The events of a stream as they are on the wire: nothing is accumulated, nothing is kept. For one
 * reader; `tee()` makes two of it. It ends after `message_stop`, or throws.
 */
export class Stream<T extends { type: string }> implements AsyncIterable<T>, AsyncDisposable {
  readonly #source: ItemSource<T>;
  readonly #hub: Hub<T, T>;
  #stopListening = (): void => {};
  #isTaken = false;

  /** @internal Made by `client.messages.create({ stream: true })`. */
  constructor(source: ItemSource<T>) {
    this.#source = source;
    this.#hub = new Hub<T, T>({
      pull: source.next,
      failure: (error) => this.#known(error),
      accept: (event) => event,
      delivered: () => {},
      ended: this.#ended,
      abandoned: () =>
        this.#fail(new APIUserAbortError('the reader left the stream before its end')),
    });
    this.#stopListening = onAbort(source.signal, this.#aborted);
  }

  /**
   * The server-sent events of any response, undecoded. Leaving the loop closes the response.
   * @param maxEventBytes the most that one event may take. Default 33,554,432 (32 MiB).
   * @throws StreamProtocolError when an event is larger.
   */
  static async *rawEvents(
    response: Response,
    { maxEventBytes }: Pick<RequestOptions, 'maxEventBytes'> = {},
  ): AsyncGenerator<ServerSentEvent, void, undefined> {
    const decoder = new SseDecoder(maxEventBytes);
    for await (const chunk of response.body ?? []) {
      decoder.push(chunk);
      for (let event = nextOf(decoder); event !== undefined; event = nextOf(decoder)) yield event;
    }
    const last = decoder.end();
    if (last !== undefined) yield last;
  }

  /** Status and headers of the response. */
  get response(): Response {
    return toResponse(this.#source.head() as ResponseHead);
  }

  /** The API's id for the request. */
  get requestId(): string | undefined {
    return requestIdOf(this.#source.head());
  }

  /** @throws AnthropicError when it is read already. */
  [Symbol.asyncIterator](): AsyncIterableIterator<T, undefined> {
    this.#take();
    return this.#reader();
  }

  /**
   * Two streams of the same events. The one that is ahead sets the pace, and what the other has not
   * read is kept. The request is closed when both have left.
   * @throws AnthropicError when it is read already.
   */
  tee(): [Stream<T>, Stream<T>] {
    this.#take();
    return [this.#branch(), this.#branch()];
  }

  /**
   * The events as server-sent events in bytes, for a response of your own; `MessageStream.from` reads
   * it. An error becomes an `error` event.
   */
  toReadableStream(): ReadableStream<Uint8Array> {
    return sseStream(this[Symbol.asyncIterator](), (event) =>
      encodeEvent({ event: event.type, data: JSON.stringify(event) }),
    );
  }

  /** Ends the stream now. A reader that waits gets APIUserAbortError. */
  close(): void {
    this.#fail(new APIUserAbortError('the stream was closed'));
  }

  /** `close()`, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
  }

  #take(): void {
    if (this.#isTaken) {
      throw new AnthropicError('this Stream is read already: make two of it with tee() before');
    }
    this.#isTaken = true;
  }

  #reader(): Reader<T, T> {
    return this.#hub.reader<T>({ select: (event) => event, past: () => new Queue() });
  }

  #branch(): Stream<T> {
    const reader = this.#reader();
    reader.join(); // From here on what it does not read is kept.
    return new Stream<T>({
      head: this.#source.head,
      next: (waiting) =>
        tell(
          reader.next().then(({ value }) => value),
          waiting,
        ),
      cancel: () => void reader.return(),
    });
  }

  readonly #ended = (error: unknown): void => {
    this.#stopListening();
    if (error !== undefined) this.#source.cancel(error as AnthropicError);
  };

  readonly #aborted = (): void => {
    const cause = this.#source.signal?.reason;
    this.#fail(new APIUserAbortError('the request was aborted', { cause }));
  };

  #fail(error: AnthropicError): void {
    this.#hub.end(this.#known(error));
  }

  #known(error: unknown): AnthropicError {
    return addContext(asAnthropicError(error), { requestId: this.requestId });
  }
}
