import type { Cursor, Feed } from './cursor.js';
import { NEVER_PENDING, PENDING, type Poll, type Wake } from './poll.js';

/** Where a broadcast's events come from, and what they do on their way. */
export interface BroadcastSource<R, E> {
  /** The next raw event; undefined at the end. */
  next(wake: Wake): Poll<R | undefined>;
  /**
   * Takes in a raw event. Called in the turn of the delivery, so that a reader that joins at any moment
   * finds an event either in the past or ahead of it.
   * @returns the event to deliver; undefined for none.
   */
  accept(raw: R): E | undefined;
  /**
   * What every reader gets for a failure of `next` or `accept`. What it throws itself goes to the one whose
   * call this is.
   */
  toError(thrown: unknown): unknown;
  /** Every reader has the event, or has it in its backlog. */
  delivered(event: E): void;
  /** There will be no more events. @param wasAwaited whether there are readers, or code waits for the end. */
  ended(error: unknown, wasAwaited: boolean): void;
  /** The last reader has left before the end, and the broadcast is not kept open. */
  abandoned(): void;
}

/**
 * One source of events, and any number of readers, at any speed, at any time.
 *
 * The source is asked only on demand: the reader that is furthest ahead sets the pace. A reader that is
 * alone gets each event as it is made; the others find theirs in a backlog. Readers that await and
 * readers that block differ in one thing: a source for the latter never returns PENDING.
 */
export class Broadcast<R, E> implements Feed<E> {
  readonly #source: BroadcastSource<R, E>;
  readonly #cursors = new Set<Cursor<E, unknown>>();
  /** A copy of the set for the deliveries until its next change: readers join and leave inside them. */
  #list: readonly Cursor<E, unknown>[] | undefined;
  #onEnd: Wake[] = [];
  /** Whether everything is wanted, as fast as it arrives: for good, or until the first reader joins. */
  #demand: 'none' | 'until-read' | 'always' = 'none';
  /** An event is asked for, or on its way to readers and listeners: one that reads must not overtake it. */
  #isBusy = false;
  /** Busy since the source has no event yet, and will wake us. */
  #isPending = false;
  #isKeptOpen = false;
  #wasRead = false;
  #ending: { error: unknown } | undefined;

  /** Called when readers ask or leave; see CaughtUp. */
  onProgress: ((asking?: Cursor<E, unknown>) => void) | undefined;

  constructor(source: BroadcastSource<R, E>) {
    this.#source = source;
  }

  /** How it ended, with an error or without; undefined before the end. */
  get ending(): { readonly error: unknown } | undefined {
    return this.#ending;
  }

  get isRead(): boolean {
    return this.#cursors.size > 0 || this.#demand === 'always';
  }

  get cursors(): readonly Cursor<E, unknown>[] {
    this.#list ??= [...this.#cursors];
    return this.#list;
  }

  /** From now on events are read as fast as they arrive. */
  readAhead(): void {
    this.#demand = 'always';
    // Listeners that are attached one after the other must all see the first event.
    queueMicrotask(this.#drive);
  }

  /** The same until the first reader joins: then the readers set the pace, and the last one ends it. */
  readAheadUntilRead(): void {
    if (this.isRead || this.#wasRead) return;
    this.#demand = 'until-read';
    queueMicrotask(this.#drive);
  }

  /** Reads the rest, from a source that never returns PENDING. Inside a delivery it does nothing. */
  drain(): void {
    if (this.#isBusy || this.#ending !== undefined) return;
    this.#demand = 'always';
    this.#onEnd.push(NEVER_PENDING);
    this.#drive();
  }

  /** Wakes once, at the end. */
  onEnd(wake: Wake): void {
    this.#onEnd.push(wake);
  }

  /** From now on it stays open when its last reader leaves: the rest will be read. */
  keepOpen(): void {
    this.#isKeptOpen = true;
  }

  /** Ends it for every reader, at once. Only the first call counts. */
  end(error?: unknown): void {
    if (this.#ending !== undefined) return;
    this.#ending = { error };
    const { cursors } = this;
    const waiting = this.#onEnd;
    this.#cursors.clear();
    this.#list = undefined;
    this.#onEnd = [];
    for (const cursor of cursors) cursor.wake();
    for (const wake of waiting) wake();
    this.#source.ended(error, cursors.length > 0 || waiting.length > 0);
  }

  /** For cursors. */
  join(cursor: Cursor<E, unknown>): void {
    if (this.#ending !== undefined) return;
    this.#wasRead = true;
    if (this.#demand === 'until-read') this.#demand = 'none';
    this.#cursors.add(cursor);
    this.#list = undefined;
  }

  /** For cursors. */
  leave(cursor: Cursor<E, unknown>): void {
    if (!this.#cursors.delete(cursor)) return;
    this.#list = undefined;
    this.#progressed();
    if (!this.isRead && !this.#isKeptOpen) this.#source.abandoned();
  }

  /** For a cursor without a backlog: its next item; undefined at the end. */
  ask<T>(cursor: Cursor<E, T>): Poll<T | undefined> {
    for (;;) {
      if (this.onProgress !== undefined) this.#progressed(cursor as Cursor<E, unknown>);
      if (this.#ending !== undefined) return undefined;
      if (this.#isBusy) return PENDING;
      const event = this.#step();
      if (this.#isPending) return PENDING;
      if (event === undefined) continue;
      const item = cursor.select(event);
      this.#deliver(event, cursor as Cursor<E, unknown>);
      if (item === undefined) continue;
      if (this.#cursors.size > 1) this.#drive();
      return item;
    }
  }

  readonly #drive = (): void => {
    while (!this.#isBusy && this.#ending === undefined && this.#isWanted()) {
      this.#progressed();
      // What was called may have ended it.
      const event = this.#ending === undefined ? this.#step() : undefined;
      if (event !== undefined) this.#deliver(event);
    }
  };

  /** What it calls must not read: it would overtake the reader that asks. */
  #progressed(asking?: Cursor<E, unknown>): void {
    if (this.onProgress === undefined) return;
    const wasBusy = this.#isBusy;
    this.#isBusy = true;
    this.onProgress(asking);
    this.#isBusy = wasBusy;
  }

  #isWanted(): boolean {
    if (this.#demand !== 'none') return true;
    for (const cursor of this.cursors) if (cursor.isWaiting) return true;
    return false;
  }

  /** The next event where it is at hand. Else it is pending, the end has arrived, or there was none to deliver. */
  #step(): E | undefined {
    try {
      this.#isBusy = true;
      const raw = this.#source.next(this.#wake);
      if (raw === PENDING) {
        this.#isPending = true;
        return undefined;
      }
      this.#isBusy = false;
      // The source may have run code that ended it, such as a listener.
      if (this.#ending !== undefined) return undefined;
      if (raw !== undefined) return this.#source.accept(raw);
      this.end();
      return undefined;
    } catch (error) {
      this.#isBusy = false;
      // Also asked after the end: what it throws itself is for the caller.
      this.end(this.#source.toError(error));
      return undefined;
    }
  }

  readonly #wake = (): void => {
    if (!this.#isPending) return;
    this.#isPending = false;
    this.#isBusy = false;
    this.#drive();
  };

  #deliver(event: E, except?: Cursor<E, unknown>): void {
    this.#isBusy = true;
    // A reader that asks is nearly always alone.
    if (this.#cursors.size > (except === undefined ? 0 : 1)) {
      for (const cursor of this.cursors) if (cursor !== except) cursor.offer(event);
    }
    this.#source.delivered(event);
    this.#isBusy = false;
  }
}
