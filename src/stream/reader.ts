import type { Backlog } from './backlog.js';
import { quiet } from './quiet.js';
import { Waiters } from './waiters.js';

/** How one kind of reader sees a flow of events. */
export interface View<E, T> {
  /** What the reader gets of an event; undefined for nothing. */
  select: (event: E) => T | undefined;
  /** What happened before it came, ready to take what comes while it is busy. */
  past: () => Backlog<T>;
}

/** What a reader needs of the hub it reads. */
export interface Supply<E> {
  readonly ending: { readonly error: unknown } | undefined;
  join(reader: Reader<E, unknown>): void;
  leave(reader: Reader<E, unknown>): void;
  /** The next item for a reader whose backlog is empty. */
  pull<T>(reader: Reader<E, T>): Promise<IteratorResult<T, undefined>>;
}

/** One reader of a hub: an async iterator. It joins with the first read. */
export class Reader<E, T> implements AsyncIterableIterator<T, undefined> {
  readonly select: (event: E) => T | undefined;
  /** @internal Whether the reader has seen all so far and waits for what follows. The hub keeps it. */
  isAsking = false;
  readonly #hub: Supply<E>;
  readonly #view: View<E, T>;
  readonly #waiters = new Waiters<IteratorResult<T, undefined>>();
  #backlog: Backlog<T> | undefined;
  #done = false;

  constructor(hub: Supply<E>, view: View<E, T>) {
    this.#hub = hub;
    this.#view = view;
    this.select = view.select;
  }

  next(): Promise<IteratorResult<T, undefined>> {
    if (this.#done) return Promise.resolve(END);
    const item = this.join().shift();
    if (item !== undefined) return Promise.resolve({ done: false, value: item });
    return this.#hub.pull(this);
  }

  /** @internal From here on the reader misses nothing. */
  join(): Backlog<T> {
    if (this.#backlog === undefined) {
      this.#backlog = this.#view.past();
      this.#hub.join(this as Reader<E, unknown>);
    }
    return this.#backlog;
  }

  return(): Promise<IteratorResult<T, undefined>> {
    this.#done = true;
    this.#backlog = undefined;
    this.#waiters.settle(() => Promise.resolve(END));
    this.#hub.leave(this as Reader<E, unknown>);
    return Promise.resolve(END);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  /** @internal An event that another reader asked for. */
  offer(event: E): void {
    const item = this.select(event);
    if (item === undefined) return;
    if (this.#waiters.isEmpty) this.#backlog?.push(item);
    else this.#waiters.answer({ done: false, value: item });
    this.isAsking = this.isWaiting;
  }

  /** @internal */
  get isWaiting(): boolean {
    return !this.#waiters.isEmpty;
  }

  /** @internal There is nothing now. */
  wait(): Promise<IteratorResult<T, undefined>> {
    return this.#waiters.add();
  }

  /** @internal The end has come and the backlog is empty: an error once, then nothing. */
  finish(): Promise<IteratorResult<T, undefined>> {
    const error = this.#done ? undefined : this.#hub.ending?.error;
    this.#done = true;
    if (error === undefined) return Promise.resolve(END);
    return quiet(Promise.reject(error));
  }

  /** @internal The end has come: answers those who wait. */
  settle(): void {
    this.#waiters.settle(() => this.finish());
  }
}

const END: IteratorReturnResult<undefined> = Object.freeze({ done: true, value: undefined });
