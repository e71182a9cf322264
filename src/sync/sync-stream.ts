import { APIUserAbortError } from '../errors.js';
import { DENO_INSPECT, INSPECT, inspectStream } from '../stream/inspect-stream.js';
import { type RawSource, RawStreamCore } from '../stream/raw-stream-core.js';
import type { ResponseHead } from '../transport/port.js';
import { toResponse } from '../transport/to-response.js';
import { BlockingReader } from './blocking-reader.js';

/**
 * The events of a stream as they are on the wire: nothing is accumulated, nothing is kept. For one
 * reader; `tee()` makes two streams of it. It ends after `message_stop`, or throws.
 */
export class SyncStream<T extends { type: string }> implements Iterable<T>, Disposable {
  readonly #core: RawStreamCore<T>;

  /** @internal Made by `client.messages.create({ stream: true })`. */
  constructor(source: RawSource<T>) {
    this.#core = new RawStreamCore(source);
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
