import { aSize, checkOptions } from '../check-options.js';
import { APIUserAbortError } from '../errors.js';
import { AsyncReader } from '../pull/async-reader.js';
import { MAX_EVENT_BYTES, type ServerSentEvent, SseDecoder } from '../sse/decoder.js';
import { connectionError } from '../transport/connection-error.js';
import { toBytes, unreadResponse } from '../transport/fetch-contract.js';
import type { RequestOptions } from '../transport/options.js';
import type { ResponseHead } from '../transport/port.js';
import { toResponse } from '../transport/to-response.js';
import { DENO_INSPECT, INSPECT, inspectStream } from './inspect-stream.js';
import { type RawSource, RawStreamCore } from './raw-stream-core.js';
import { lazyTexts, sseStream, type Texts } from './sse-response.js';

/**
 * The events of a stream as they are on the wire: nothing is accumulated, nothing is kept. For one
 * reader; `tee()` makes two streams of it. It ends after `message_stop`, or throws.
 */
export class Stream<T extends { type: string }> implements AsyncIterable<T>, AsyncDisposable {
  readonly #core: RawStreamCore<T>;

  /** @internal Made by `client.messages.create({ stream: true })`. */
  constructor(source: RawSource<T>) {
    this.#core = new RawStreamCore(source);
    this.#core.heldBy(this);
  }

  /**
   * The server-sent events of any response, undecoded. Leaving the loop closes the response.
   * @param options `maxEventBytes`: the largest event to accept, in bytes. Default 33,554,432 (32 MiB).
   * @throws StreamProtocolError when an event is larger; APIConnectionError when the body breaks;
   *   AnthropicError for what is no response, or one that is read elsewhere.
   */
  static async *rawEvents(
    response: Response | ReadableStream<Uint8Array>,
    options: Pick<RequestOptions, 'maxEventBytes'> = {},
  ): AsyncGenerator<ServerSentEvent, void, undefined> {
    checkOptions(options, { maxEventBytes: aSize });
    const { body } = unreadResponse(response, 'Stream.rawEvents()');
    const decoder = new SseDecoder(options.maxEventBytes ?? MAX_EVENT_BYTES);
    try {
      for await (const chunk of body ?? []) yield* decoder.eventsIn(toBytes(chunk));
    } catch (error) {
      throw connectionError(error, {});
    }
    yield* decoder.eventsIn();
  }

  /** Status and headers of the response. */
  get response(): Response {
    return toResponse(this.#core.head as ResponseHead);
  }

  /** The API's id for the request. */
  get requestId(): string | undefined {
    return this.#core.requestId;
  }

  /** @throws AnthropicError when it has a reader already. */
  [Symbol.asyncIterator](): AsyncIterableIterator<T, undefined> {
    const reader = new AsyncReader(this.#core.read());
    this.#core.heldBy(reader);
    return reader;
  }

  /**
   * Two streams of the same events. The one that is ahead sets the pace, and what the other has not
   * read is kept. The request is closed when both have left.
   * @throws AnthropicError when it has a reader already.
   */
  tee(): [Stream<T>, Stream<T>] {
    const [first, second] = this.#core.tee();
    return [new Stream(first), new Stream(second)];
  }

  /**
   * The events as server-sent events in bytes, for the body of your own response; `MessageStream.from`
   * reads it. An error becomes an `error` event.
   */
  toReadableStream(): ReadableStream<Uint8Array> {
    const events = this[Symbol.asyncIterator]();
    const load = async (): Promise<Texts> =>
      (await import('./write-events.js')).writeEvents(events);
    return sseStream(lazyTexts({ load, events }));
  }

  /** Ends the stream now. A reader that waits gets APIUserAbortError. */
  close(): void {
    this.#core.fail(new APIUserAbortError('the stream was closed'));
  }

  /** `close()`, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
  }

  /** @internal What console.log shows: state, model, request id, blocks and usage. */
  [INSPECT](): string {
    return inspectStream('Stream', this.#core);
  }

  /** @internal The same on Deno. */
  [DENO_INSPECT](): string {
    return this[INSPECT]();
  }
}
