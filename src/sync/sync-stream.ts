import { aSize, checkOptions } from '../check-options.js';
import { APIUserAbortError } from '../errors.js';
import { MAX_EVENT_BYTES, type ServerSentEvent, SseDecoder } from '../sse/decoder.js';
import { DENO_INSPECT, INSPECT, inspectStream } from '../stream/inspect-stream.js';
import type { RawSource, RawStreamCore } from '../stream/raw-stream-core.js';
import { toBytes } from '../transport/fetch-contract.js';
import type { ResponseHead } from '../transport/port.js';
import { toResponse } from '../transport/to-response.js';
import { BlockingReader } from './blocking-reader.js';
import { type Bytes, chunksOf } from './bytes.js';
import { InterruptibleRawCore } from './interruption.js';
import type { SyncRequestOptions } from './options.js';

/**
 * The events of a stream as they are on the wire: nothing is accumulated, nothing is kept. For one
 * reader; `tee()` makes two streams of it. It ends after `message_stop`, or throws.
 */
export class SyncStream<T extends { type: string }> implements Iterable<T>, Disposable {
  readonly #core: RawStreamCore<T>;

  /** @internal Made by `client.messages.create({ stream: true })`. */
  constructor(source: RawSource<T>) {
    this.#core = new InterruptibleRawCore(source);
  }

  /**
   * The server-sent events in bytes that are at hand, undecoded. Leaving the loop leaves the bytes.
   * @param options.maxEventBytes the largest event to accept, in bytes. Default 33,554,432 (32 MiB).
   * @throws StreamProtocolError when an event is larger.
   * @throws AnthropicError for what has to be awaited, such as a Response.
   */
  static *rawEvents(
    bytes: Bytes,
    options: Pick<SyncRequestOptions, 'maxEventBytes'> = {},
  ): Generator<ServerSentEvent, void, undefined> {
    checkOptions(options, { maxEventBytes: aSize });
    const chunks = chunksOf(bytes, 'SyncStream.rawEvents()');
    const decoder = new SseDecoder(options.maxEventBytes ?? MAX_EVENT_BYTES);
    for (const chunk of { [Symbol.iterator]: () => chunks })
      yield* decoder.eventsIn(toBytes(chunk));
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
  [Symbol.iterator](): IterableIterator<T, undefined> {
    return new BlockingReader(this.#core.read());
  }

  /**
   * Two streams of the same events. The one that is ahead sets the pace, and what the other has not
   * read is kept. The request is closed when both have left.
   * @throws AnthropicError when it has a reader already.
   */
  tee(): [SyncStream<T>, SyncStream<T>] {
    const [first, second] = this.#core.tee();
    return [new SyncStream(first), new SyncStream(second)];
  }

  /** Ends the stream now. A reader that reads on gets APIUserAbortError. */
  close(): void {
    this.#core.fail(new APIUserAbortError('the stream was closed'));
  }

  /** `close()`, for `using`. */
  [Symbol.dispose](): void {
    this.close();
  }

  /** @internal What console.log shows: state, model, request id, blocks and usage. */
  [INSPECT](): string {
    return inspectStream('SyncStream', this.#core);
  }

  /** @internal The same on Deno. */
  [DENO_INSPECT](): string {
    return this[INSPECT]();
  }
}
