import type { HubOwner } from '../stream/hub.js';
import type { View } from '../stream/reader.js';
import { SyncReader, type SyncSupply } from './sync-reader.js';

/** What the owner of a hub does for it. */
export interface SyncHubOwner<R, E>
  extends Pick<HubOwner<R, E>, 'accept' | 'failure' | 'ended' | 'abandoned'> {
  /** The next raw event; undefined at the end. */
  pull(): R | undefined;
  /** Whether the event is the last one. */
  isLast(event: E): boolean;
}

/**
 * One flow of events and any number of readers: what `Hub` is, where asking blocks. An event is asked
 * for when a reader has nothing left; the others find it in their backlogs.
 */
export class SyncHub<R, E> implements SyncSupply<E> {
  readonly #owner: SyncHubOwner<R, E>;
  readonly #readers = new Set<SyncReader<E, unknown>>();
  #ending: { error: unknown } | undefined;

  constructor(owner: SyncHubOwner<R, E>) {
    this.#owner = owner;
  }

  /** How it ended, with an error or without; undefined before the end. */
  get ending(): { readonly error: unknown } | undefined {
    return this.#ending;
  }

  reader<T>(view: View<E, T>): SyncReader<E, T> {
    return new SyncReader(this, view);
  }

  /** Reads what is left. Throws the error that the flow ends with. */
  complete(): void {
    while (this.#ending === undefined) this.#step(undefined);
    if (this.#ending.error !== undefined) throw this.#ending.error;
  }

  /** Ends the flow for every reader. Only the first call counts. */
  end(error?: unknown): void {
    if (this.#ending !== undefined) return;
    this.#ending = { error };
    this.#readers.clear();
    this.#owner.ended(error);
  }

  /** @internal For readers. */
  join(reader: SyncReader<E, unknown>): void {
    if (this.#ending === undefined) this.#readers.add(reader);
  }

  /** @internal For readers. */
  leave(reader: SyncReader<E, unknown>): void {
    if (!this.#readers.delete(reader) || this.#readers.size > 0) return;
    this.#owner.abandoned();
  }

  /** @internal For a reader without a backlog: its next item; undefined at the end. */
  pull<T>(reader: SyncReader<E, T>): T | undefined {
    while (this.#ending === undefined) {
      const event = this.#step(reader as SyncReader<E, unknown>);
      const item = event === undefined ? undefined : reader.select(event);
      if (item !== undefined) return item;
    }
    return undefined;
  }

  /** Asks for an event, and offers it to all readers but the one that asks. */
  #step(asking: SyncReader<E, unknown> | undefined): E | undefined {
    try {
      const raw = this.#owner.pull();
      // An observer may have closed the stream that waited.
      if (this.#ending !== undefined) return undefined;
      const event = this.#owner.accept(raw);
      if (event === undefined) {
        if (raw === undefined) this.end();
        return undefined;
      }
      for (const reader of this.#readers) if (reader !== asking) reader.offer(event);
      if (this.#owner.isLast(event)) this.end();
      return event;
    } catch (error) {
      this.end(this.#owner.failure(error));
      return undefined;
    }
  }
}
