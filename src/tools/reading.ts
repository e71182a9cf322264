import { quiet } from '../stream/quiet.js';

/** Whom a reading tells that it begins, and that it ends early. */
export interface ReadingOwner {
  joined: () => void;
  left: () => void;
}

/**
 * One reader of a run: what a generator makes, and an end at any moment: `return()` does not wait for
 * the item that is being made.
 */
export class Reading<T> implements AsyncIterableIterator<T, undefined> {
  readonly #items: AsyncGenerator<T, undefined, undefined>;
  readonly #owner: ReadingOwner;
  #state: 'new' | 'joined' | 'done' = 'new';

  constructor(items: AsyncGenerator<T, undefined, undefined>, owner: ReadingOwner) {
    this.#items = items;
    this.#owner = owner;
  }

  next(): Promise<IteratorResult<T, undefined>> {
    if (this.#state === 'new') {
      this.#state = 'joined';
      this.#owner.joined();
    }
    return quiet(this.#next());
  }

  async #next(): Promise<IteratorResult<T, undefined>> {
    if (this.#state === 'done') return END;
    try {
      const item = await this.#items.next();
      if (this.#state !== 'joined') return END;
      if (item.done) this.#leave();
      return item;
    } catch (error) {
      if (this.#state !== 'joined') return END;
      this.#leave();
      throw error;
    }
  }

  async return(): Promise<IteratorResult<T, undefined>> {
    if (this.#state === 'joined') {
      this.#leave();
      // It may be in the middle of an item, and then ends after it.
      quiet(this.#items.return(undefined));
    }
    this.#state = 'done';
    return END;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  #leave(): void {
    this.#state = 'done';
    this.#owner.left();
  }
}

const END: IteratorReturnResult<undefined> = Object.freeze({ done: true, value: undefined });
