import { AnthropicError, APIUserAbortError, addContext, asAnthropicError } from '../errors.js';
import { Queue } from '../stream/backlog.js';
import type { ResponseHead } from '../transport/port.js';
import { requestIdOf, toResponse } from '../transport/to-response.js';
import { SyncHub } from './sync-hub.js';

/** Where a SyncStream's items come from. */
export interface SyncItemSource<T> {
  /** The response behind it, known before the first item. */
  head: () => ResponseHead;
  next: () => T | undefined;
  close: () => void;
}

/**
 * The events of a stream as they are on the wire: nothing is accumulated, nothing is kept. For one
 * reader. It ends after `message_stop`, or throws.
 */
export class SyncStream<T extends { type: string }> implements Iterable<T>, Disposable {
  readonly #source: SyncItemSource<T>;
  readonly #hub: SyncHub<T, T>;
  #isTaken = false;

  /** @internal Made by `client.messages.create({ stream: true })`. */
  constructor(source: SyncItemSource<T>) {
    this.#source = source;
    this.#hub = new SyncHub<T, T>({
      pull: () => source.next(),
      accept: (event) => event,
      failure: (error) => this.#known(error),
      isLast: () => false,
      ended: (error) => {
        if (error !== undefined) source.close();
      },
      abandoned: () =>
        this.#fail(new APIUserAbortError('the reader left the stream before its end')),
    });
  }

  /** Status and headers of the response. */
  get response(): Response {
    return toResponse(this.#source.head());
  }

  /** The API's id for the request. */
  get requestId(): string | undefined {
    return requestIdOf(this.#source.head());
  }

  /** @throws AnthropicError when it is read already. */
  [Symbol.iterator](): IterableIterator<T, undefined> {
    this.#take();
    return this.#hub.reader<T>({ select: (event) => event, past: () => new Queue() });
  }

  /**
   * Two streams of the same events. The one that is ahead sets the pace, and what the other has not
   * read is kept. The request is closed when both have left.
   * @throws AnthropicError when it is read already.
   */
  tee(): [SyncStream<T>, SyncStream<T>] {
    this.#take();
    return [this.#branch(), this.#branch()];
  }

  /** Ends the stream now. A reader that goes on gets APIUserAbortError. */
  close(): void {
    this.#fail(new APIUserAbortError('the stream was closed'));
  }

  /** `close()`, for `using`. */
  [Symbol.dispose](): void {
    this.close();
  }

  #take(): void {
    if (this.#isTaken) {
      throw new AnthropicError('this SyncStream is read already: make two of it with tee() before');
    }
    this.#isTaken = true;
  }

  #branch(): SyncStream<T> {
    const reader = this.#hub.reader<T>({ select: (event) => event, past: () => new Queue() });
    reader.join(); // From here on what it does not read is kept.
    return new SyncStream<T>({
      head: this.#source.head,
      next: () => reader.next().value,
      close: () => void reader.return(),
    });
  }

  #fail(error: AnthropicError): void {
    this.#hub.end(this.#known(error));
  }

  #known(error: unknown): AnthropicError {
    return addContext(asAnthropicError(error), { requestId: this.requestId });
  }
}
