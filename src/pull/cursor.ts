import type { Backlog } from './backlog.js';
import { PENDING, type Poll, type Wake } from './poll.js';

/** What one kind of reader gets of the events of a broadcast. */
export interface View<E, T> {
  /** The reader's item for an event; undefined where it has none. */
  select: (event: E) => T | undefined;
  /** Everything so far, ready to take what arrives while the reader is busy. */
  past: () => Backlog<T>;
}

/** What a cursor moves along: a Broadcast. */
export interface Feed<E> {
  /** How it ended, with an error or without; undefined before the end. */
  readonly ending: { readonly error: unknown } | undefined;
  join(cursor: Cursor<E, unknown>): void;
  leave(cursor: Cursor<E, unknown>): void;
  /** The next item of a cursor whose backlog is empty; undefined at the end. */
  ask<T>(cursor: Cursor<E, T>): Poll<T | undefined>;
}

/**
 * One reader's place in a broadcast. It joins with the first read, and misses nothing from there on:
 * what arrives while the reader is busy waits in its backlog.
 */
export class Cursor<E, T> {
  readonly select: (event: E) => T | undefined;
  readonly #feed: Feed<E>;
  readonly #past: () => Backlog<T>;
  #backlog: Backlog<T> | undefined;
  /** Whether there may be items in it. */
  #isBehind = true;
  /** An item for a reader that waits: its backlog is empty, and the detour would cost. */
  #item: T | undefined;
  #wake: Wake | undefined;
  #isDone = false;

  constructor(feed: Feed<E>, { select, past }: View<E, T>) {
    this.#feed = feed;
    this.select = select;
    this.#past = past;
  }

  /**
   * The next item; undefined at the end. One question at a time.
   * @throws the error that the feed ended with, once, after the items before it.
   */
  poll(wake: Wake): Poll<T | undefined> {
    if (this.#isDone) return undefined;
    let item: Poll<T | undefined> = this.#take();
    if (item !== undefined) return item;
    item = this.#feed.ask(this);
    if (item === PENDING) this.#wake = wake;
    else if (item === undefined) this.#finish();
    return item;
  }

  /** From here on the reader misses nothing. */
  join(): Backlog<T> {
    if (this.#backlog === undefined) {
      this.#backlog = this.#past();
      this.#feed.join(this as Cursor<E, unknown>);
    }
    return this.#backlog;
  }

  /** The reader wants nothing more. */
  leave(): void {
    this.#isDone = true;
    this.#backlog = undefined;
    this.#item = undefined;
    this.#wake = undefined;
    this.#feed.leave(this as Cursor<E, unknown>);
  }

  /** Whether the reader has left, or has received the end. */
  get isDone(): boolean {
    return this.#isDone;
  }

  /** Whether the reader has everything so far and waits for more. */
  get isWaiting(): boolean {
    return this.#wake !== undefined;
  }

  /** For the broadcast: an event that another reader asked for. */
  offer(event: E): void {
    const item = this.select(event);
    if (item === undefined) return;
    if (this.#wake === undefined) {
      this.#backlog?.push(item);
      this.#isBehind = true;
    } else {
      this.#item = item;
      this.wake();
    }
  }

  /** For the broadcast: asks a reader that waits to ask again. */
  wake(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }

  #take(): T | undefined {
    const item = this.#item;
    if (item !== undefined) {
      this.#item = undefined;
      return item;
    }
    if (!this.#isBehind) return undefined;
    const next = this.join().shift();
    this.#isBehind = next !== undefined;
    return next;
  }

  #finish(): void {
    this.#isDone = true;
    const error = this.#feed.ending?.error;
    if (error !== undefined) throw error;
  }
}
