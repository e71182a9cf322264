import { LATER, type MaybeLater, type Waiting } from '../transport/later.js';
import { Reader, type Supply, type View } from './reader.js';

/** What the owner of a hub does for it. */
export interface HubOwner<R, E> {
  /** The next raw event; undefined at the end. */
  pull(waiting: Waiting<R | undefined>): MaybeLater<R | undefined>;
  /**
   * Takes a raw event in, or the end. Called in the same turn as the hand-out, so that a reader that
   * comes at any moment finds an event either in the past or ahead of it.
   * @returns the event to hand out; undefined for nothing.
   */
  accept(raw: R | undefined): E | undefined;
  /** What every reader gets for a failure of `pull` or `accept`. */
  failure(error: unknown): unknown;
  /** Every reader has the event, or has it waiting. */
  delivered(event: E): void;
  /** There will be no more events. */
  ended(error: unknown): void;
  /** The last reader has gone before the end, and nobody else wants the rest. */
  abandoned(): void;
}

/**
 * One flow of events and any number of readers, at any speed, at any time.
 *
 * An event is asked for only when somebody wants it: the reader that is furthest ahead sets the
 * pace. A reader that is alone gets each event as it is made; the others find theirs in a backlog.
 */
export class Hub<R, E> implements Supply<E>, Waiting<R | undefined> {
  readonly #owner: HubOwner<R, E>;
  #readers: readonly Reader<E, unknown>[] = [];
  readonly #finals: { resolve: () => void; reject: (error: unknown) => void }[] = [];
  /** How many want everything, as fast as it comes. */
  #demand = 0;
  #busy = false;
  #held = false;
  #unseen: (() => void)[] = [];
  #ending: { error: unknown } | undefined;

  constructor(owner: HubOwner<R, E>) {
    this.#owner = owner;
  }

  /** How it ended, with an error or without; undefined before the end. */
  get ending(): { readonly error: unknown } | undefined {
    return this.#ending;
  }

  get isRead(): boolean {
    return this.#readers.length > 0 || this.#demand > 0;
  }

  reader<T>(view: View<E, T>): Reader<E, T> {
    return new Reader(this, view);
  }

  /** From now on events are asked for as fast as they come. */
  demand(): void {
    this.#demand++;
    // Listeners that are attached one after the other must all see the first event.
    queueMicrotask(() => this.#drive());
  }

  /** Reads what is left. Rejects with the error that the stream ends with. */
  complete(): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#ending === undefined) {
        this.#finals.push({ resolve, reject });
        this.demand();
      } else if (this.#ending.error === undefined) resolve();
      else reject(this.#ending.error);
    });
  }

  /** From now on the flow stays open when its last reader leaves: somebody means to read the rest. */
  hold(): void {
    this.#held = true;
  }

  /** Calls back once every reader has come back for more after the events so far. Not after the end. */
  whenSeen(callback: () => void): void {
    this.#unseen.push(callback);
    this.#tellSeen();
  }

  /** Ends the flow for every reader, at once. Only the first call counts. */
  end(error?: unknown): void {
    if (this.#ending !== undefined) return;
    this.#ending = { error };
    for (const reader of this.#readers) reader.settle();
    this.#readers = [];
    this.#unseen = [];
    for (const { resolve, reject } of this.#finals) error === undefined ? resolve() : reject(error);
    this.#finals.length = 0;
    this.#owner.ended(error);
  }

  /** @internal For readers. */
  join(reader: Reader<E, unknown>): void {
    if (this.#ending === undefined) this.#readers = [...this.#readers, reader];
  }

  /** @internal For readers. */
  leave(reader: Reader<E, unknown>): void {
    if (!this.#readers.includes(reader)) return;
    this.#readers = this.#readers.filter((other) => other !== reader);
    this.#tellSeen();
    if (!this.isRead && !this.#held) this.#owner.abandoned();
  }

  /** @internal For a reader without a backlog: its next item. */
  pull<T>(reader: Reader<E, T>): Promise<IteratorResult<T, undefined>> {
    reader.isAsking = true;
    this.#tellSeen();
    while (!this.#busy && this.#ending === undefined) {
      const event = this.#step();
      if (event === undefined) continue;
      const item = reader.select(event);
      reader.isAsking = item === undefined;
      this.#deliver(event, reader as Reader<E, unknown>);
      if (item === undefined) continue;
      if (this.#readers.length > 1) this.#drive();
      return Promise.resolve({ done: false, value: item });
    }
    if (this.#ending !== undefined) return reader.finish();
    return reader.wait();
  }

  #tellSeen(): void {
    if (this.#unseen.length === 0) return;
    for (const reader of this.#readers) if (!reader.isAsking) return;
    for (const callback of this.#unseen.splice(0)) callback();
  }

  #drive(): void {
    while (!this.#busy && this.#ending === undefined && this.#isWanted()) {
      const event = this.#step();
      if (event !== undefined) this.#deliver(event);
    }
  }

  #isWanted(): boolean {
    if (this.#demand > 0) return true;
    for (const reader of this.#readers) if (reader.isWaiting) return true;
    return false;
  }

  /** The next event where it is at hand. Else it is to come, the end has come, or it was none. */
  #step(): E | undefined {
    this.#busy = true;
    let raw: MaybeLater<R | undefined>;
    try {
      raw = this.#owner.pull(this);
    } catch (error) {
      this.failed(error);
      return undefined;
    }
    return raw === LATER ? undefined : this.#accept(raw);
  }

  /** @internal What was asked of the owner, and was not at hand. */
  arrived(raw: R | undefined): void {
    if (this.#ending !== undefined) return;
    const event = this.#accept(raw);
    if (event !== undefined) this.#deliver(event);
    this.#drive();
  }

  /** @internal The same: it could not be had. */
  failed(error: unknown): void {
    if (this.#ending === undefined) this.end(this.#owner.failure(error));
  }

  #accept(raw: R | undefined): E | undefined {
    this.#busy = false;
    try {
      const event = this.#owner.accept(raw);
      if (raw === undefined && event === undefined) this.end();
      return event;
    } catch (error) {
      this.failed(error);
      return undefined;
    }
  }

  #deliver(event: E, except?: Reader<E, unknown>): void {
    for (const reader of this.#readers) if (reader !== except) reader.offer(event);
    // Busy, so that a listener that reads waits its turn instead of overtaking the others.
    this.#busy = true;
    this.#owner.delivered(event);
    this.#busy = false;
  }
}
