import type { Backlog } from '../stream/backlog.js';
import type { View } from '../stream/reader.js';

/** What a reader needs of the hub it reads. */
export interface SyncSupply<E> {
  readonly ending: { readonly error: unknown } | undefined;
  join(reader: SyncReader<E, unknown>): void;
  leave(reader: SyncReader<E, unknown>): void;
  /** The next item for a reader whose backlog is empty; undefined at the end. */
  pull<T>(reader: SyncReader<E, T>): T | undefined;
}

/** One reader of a hub: an iterator. It joins with the first read. */
export class SyncReader<E, T> implements IterableIterator<T, undefined>, Disposable {
  readonly select: (event: E) => T | undefined;
  readonly #hub: SyncSupply<E>;
  readonly #view: View<E, T>;
  #backlog: Backlog<T> | undefined;
  #isDone = false;

  constructor(hub: SyncSupply<E>, view: View<E, T>) {
    this.#hub = hub;
    this.#view = view;
    this.select = view.select;
  }

  next(): IteratorResult<T, undefined> {
    if (this.#isDone) return END;
    const value = this.join().shift() ?? this.#hub.pull(this);
    if (value !== undefined) return { done: false, value };
    // The end has come: an error once, then nothing.
    this.#isDone = true;
    const error = this.#hub.ending?.error;
    if (error !== undefined) throw error;
    return END;
  }

  /** @internal From here on the reader misses nothing. */
  join(): Backlog<T> {
    if (this.#backlog === undefined) {
      this.#backlog = this.#view.past();
      this.#hub.join(this as SyncReader<E, unknown>);
    }
    return this.#backlog;
  }

  return(): IteratorResult<T, undefined> {
    this.#isDone = true;
    this.#backlog = undefined;
    this.#hub.leave(this as SyncReader<E, unknown>);
    return END;
  }

  [Symbol.iterator](): this {
    return this;
  }

  [Symbol.dispose](): void {
    this.return();
  }

  /** @internal An event that another reader asked for. */
  offer(event: E): void {
    const item = this.select(event);
    if (item !== undefined) this.#backlog?.push(item);
  }
}

const END: IteratorReturnResult<undefined> = Object.freeze({ done: true, value: undefined });
