import { APIUserAbortError } from '../errors.js';
import { AsyncReader } from '../pull/async-reader.js';
import { type RawSource, RawStreamCore } from '../stream/raw-stream-core.js';
import type { ResponseHead } from '../transport/port.js';
import { toResponse } from '../transport/to-response.js';

/**
 * The results of a batch, one by one as they are received, each once. For one reader. It ends when there is a
 * result for each request of the batch, or throws.
 */
export class BatchResults<T> implements AsyncIterable<T>, AsyncDisposable {
  readonly #core: RawStreamCore<T>;

  /** @internal Made by `client.messages.batches.results()`. */
  constructor(source: RawSource<T>) {
    this.#core = new RawStreamCore(source);
    this.#core.heldBy(this);
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
  [Symbol.asyncIterator](): AsyncIterableIterator<T, undefined> {
    const reader = new AsyncReader(this.#core.read());
    this.#core.heldBy(reader);
    return reader;
  }

  /** Ends it now. A reader that waits gets APIUserAbortError. */
  close(): void {
    this.#core.fail(new APIUserAbortError('the results were closed'));
  }

  /** `close()`, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
  }
}
