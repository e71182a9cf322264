import { APIUserAbortError } from '../errors.js';
import type { RawSource, RawStreamCore } from '../stream/raw-stream-core.js';
import type { ResponseHead } from '../transport/port.js';
import { toResponse } from '../transport/to-response.js';
import { BlockingReader } from './blocking-reader.js';
import { InterruptibleRawCore } from './interruption.js';

/**
 * The results of a batch, one by one as they are received, each once. For one reader. It ends when there is a
 * result for each request of the batch, or throws.
 */
export class SyncBatchResults<T> implements Iterable<T>, Disposable {
  readonly #core: RawStreamCore<T>;

  /** @internal Made by `client.messages.batches.results()`. */
  constructor(source: RawSource<T>) {
    this.#core = new InterruptibleRawCore(source);
  }

  /** Status and headers of the latest response. */
  get response(): Response {
    return toResponse(this.#core.head as ResponseHead);
  }

  /** The API's id for the latest request. */
  get requestId(): string | undefined {
    return this.#core.requestId;
  }

  /** @throws AnthropicError when it has a reader already. */
  [Symbol.iterator](): IterableIterator<T, undefined> {
    return new BlockingReader(this.#core.read());
  }

  /** Ends it now. A reader that reads on gets APIUserAbortError. */
  close(): void {
    this.#core.fail(new APIUserAbortError('the results were closed'));
  }

  /** `close()`, for `using`. */
  [Symbol.dispose](): void {
    this.close();
  }
}
