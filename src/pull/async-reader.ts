import { Queue } from './backlog.js';
import { rejectWithCaller, showCaller } from './caller-stack.js';
import { markHandled } from './mark-handled.js';
import { PENDING, type Poll, type Wake } from './poll.js';

/** What a reader reads: a Cursor, or anything that can be asked for items. */
export interface ItemSource<T> {
  /** The next item; undefined at the end. One question at a time. */
  poll(wake: Wake): Poll<T | undefined>;
  /** The reader wants nothing more. */
  leave(): void;
}

type Settle<T> = (
  result: IteratorResult<T, undefined> | Promise<IteratorResult<T, undefined>>,
) => void;

/** An async iterator over what can be asked for items: several `next()` at once get theirs in order. */
export class AsyncReader<T> implements AsyncIterableIterator<T, undefined> {
  readonly #source: ItemSource<T>;
  /** Nearly always one call waits, since `for await` makes one at a time: a queue costs 4 % of a slow stream. */
  #first: Settle<T> | undefined;
  #promise: Promise<IteratorResult<T, undefined>> | undefined;
  #others: Queue<Settle<T>> | undefined;

  constructor(source: ItemSource<T>) {
    this.#source = source;
  }

  next(): Promise<IteratorResult<T, undefined>> {
    if (this.#first !== undefined) return this.#queue();
    try {
      const item = this.#source.poll(this.#answer);
      return item === PENDING ? this.#wait() : Promise.resolve(toResult(item));
    } catch (error) {
      showCaller(error, this.next);
      return markHandled(Promise.reject(error));
    }
  }

  return(): Promise<IteratorResult<T, undefined>> {
    this.#source.leave();
    // The source is at its end now, for calls that wait too.
    this.#answer();
    return Promise.resolve(END);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  #wait(): Promise<IteratorResult<T, undefined>> {
    // A listener that reads may have begun to wait in the meantime.
    if (this.#first !== undefined) return this.#queue();
    this.#promise = new Promise(this.#keepFirst);
    return this.#promise;
  }

  readonly #keepFirst = (settle: Settle<T>): void => {
    this.#first = settle;
  };

  #queue(): Promise<IteratorResult<T, undefined>> {
    this.#others ??= new Queue();
    const others = this.#others;
    return markHandled(new Promise((settle) => others.push(settle)));
  }

  /** Answers the calls that wait, as far as there are items. */
  readonly #answer = (): void => {
    while (this.#first !== undefined) {
      let item: Poll<T | undefined>;
      let failure: { error: unknown } | undefined;
      try {
        item = this.#source.poll(this.#answer);
        if (item === PENDING) return;
      } catch (error) {
        failure = { error };
      }
      // A listener may have ended the reader in the meantime: then it is answered already.
      const settle: Settle<T> | undefined = this.#first;
      const promise = this.#promise;
      this.#first = this.#others?.shift();
      this.#promise = undefined;
      if (failure === undefined) settle?.(toResult(item as T | undefined));
      else settle?.(rejectWithCaller(failure.error, () => promise));
    }
  };
}

function toResult<T>(item: T | undefined): IteratorResult<T, undefined> {
  return item === undefined ? END : { done: false, value: item };
}

const END: IteratorReturnResult<undefined> = Object.freeze({ done: true, value: undefined });
