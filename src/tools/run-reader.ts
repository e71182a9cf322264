import { fromRuns, rejectWithCaller } from '../pull/caller-stack.js';
import { markHandled } from '../pull/mark-handled.js';

/** Notified when a reader joins, and when it leaves early. */
export interface RunReaderOwner {
  joined: () => void;
  left: () => void;
}

/**
 * One reader of a run: the items of a generator, once it is loaded, and an end at any moment. `return()`
 * doesn't wait for the item that is under way, and neither do pending reads.
 */
export class RunReader<T> implements AsyncIterableIterator<T, undefined> {
  readonly #open: () => Promise<AsyncGenerator<T, undefined, undefined>>;
  readonly #owner: RunReaderOwner;
  readonly #waiting = new Set<(result: IteratorResult<T, undefined>) => void>();
  #items: Promise<AsyncGenerator<T, undefined, undefined>> | undefined;
  #state: 'new' | 'joined' | 'done' = 'new';

  constructor(open: () => Promise<AsyncGenerator<T, undefined, undefined>>, owner: RunReaderOwner) {
    this.#open = open;
    this.#owner = owner;
  }

  next(): Promise<IteratorResult<T, undefined>> {
    if (this.#state === 'done') return Promise.resolve(END);
    if (this.#state === 'new') {
      this.#state = 'joined';
      this.#owner.joined();
    }
    const promise: Promise<IteratorResult<T, undefined>> = new Promise((resolve) => {
      this.#waiting.add(resolve);
      const made = (item: IteratorResult<T, undefined>): void => {
        this.#waiting.delete(resolve);
        if (item.done) this.#leave();
        resolve(item);
      };
      const failed = (error: unknown): void => {
        // A reader that has left is answered already.
        const isWaiting = this.#waiting.delete(resolve);
        this.#leave();
        if (isWaiting) resolve(rejectWithCaller(error, () => promise, fromRuns));
      };
      this.#items ??= this.#open();
      this.#items.then((items) => items.next()).then(made, failed);
    });
    return promise;
  }

  async return(): Promise<IteratorResult<T, undefined>> {
    this.#leave();
    for (const resolve of this.#waiting) resolve(END);
    this.#waiting.clear();
    // In the middle of an item the generator ends after it.
    if (this.#items !== undefined)
      markHandled(this.#items.then((items) => items.return(undefined)));
    return END;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  #leave(): void {
    const wasJoined = this.#state === 'joined';
    this.#state = 'done';
    if (wasJoined) this.#owner.left();
  }
}

const END: IteratorReturnResult<undefined> = Object.freeze({ done: true, value: undefined });
