import { AnthropicError } from '../errors.js';
import type { ItemSource } from '../pull/async-reader.js';
import { NEVER_PENDING, PENDING, type Poll } from '../pull/poll.js';
import { reasonOf } from './interruption.js';

/** An iterator over what can be asked for items, and blocks instead of returning PENDING. */
export class BlockingReader<T> implements IterableIterator<T, undefined>, Disposable {
  readonly #source: ItemSource<T>;

  constructor(source: ItemSource<T>) {
    this.#source = source;
  }

  next(): IteratorResult<T, undefined> {
    let value: Poll<T | undefined>;
    try {
      value = this.#source.poll(NEVER_PENDING);
    } catch (thrown) {
      throw reasonOf(thrown);
    }
    if (value === PENDING) {
      // A loop that fails doesn't call return().
      this.#source.leave();
      throw readsItself();
    }
    return value === undefined ? END : { done: false, value };
  }

  return(): IteratorResult<T, undefined> {
    this.#source.leave();
    return END;
  }

  [Symbol.iterator](): this {
    return this;
  }

  [Symbol.dispose](): void {
    this.return();
  }
}

/** A blocking source is pending only while an event of it is being delivered. */
export function readsItself(): AnthropicError {
  return new AnthropicError(
    'a stream cannot be read from inside its own callback: read it after the callback has returned',
  );
}

const END: IteratorReturnResult<undefined> = Object.freeze({ done: true, value: undefined });
