import { isMergeable, mergeDeltas } from '../message/merge-deltas.js';
import { mergeMessageDeltas } from '../message/message-delta.js';
import type { UntypedDelta, UntypedEvent } from '../message/untyped.js';
import type { Backlog } from '../pull/backlog.js';

/**
 * Events of a message that wait for one reader. Deltas of one kind for one block become one, so a
 * reader that lags behind costs what the message costs, however many events there were.
 */
export class EventBacklog implements Backlog<UntypedEvent> {
  #items: (UntypedEvent | undefined)[] = [];
  #next = 0;
  /** Where the delta waits that the next one of its kind can join: key → place. */
  readonly #places = new Map<string, number>();
  /** How many items were dropped from the front: places count from the very first one. */
  #dropped = 0;

  constructor(past: Iterable<UntypedEvent> = []) {
    for (const event of past) this.push(event);
  }

  push(event: UntypedEvent): void {
    if (event.type === 'content_block_start') this.#forget(event.index);
    const key = toKey(event);
    const place = key === undefined ? undefined : this.#places.get(key);
    if (place !== undefined && place >= this.#dropped + this.#next) {
      const index = place - this.#dropped;
      this.#items[index] = merge(this.#items[index] as UntypedEvent, event);
      return;
    }
    if (key !== undefined) this.#places.set(key, this.#dropped + this.#items.length);
    this.#items.push(event);
  }

  shift(): UntypedEvent | undefined {
    if (this.#next === this.#items.length) return undefined;
    const event = this.#items[this.#next];
    this.#items[this.#next++] = undefined;
    if (this.#next === this.#items.length) this.#places.clear();
    // Half of it is read: a reader that is always a little behind must not keep what it has read.
    if (this.#next * 2 >= this.#items.length) {
      this.#items = this.#items.slice(this.#next);
      this.#dropped += this.#next;
      this.#next = 0;
    }
    return event;
  }

  /** A block starts again where one was discarded: its deltas must not join those of the old one. */
  #forget(index: unknown): void {
    for (const key of this.#places.keys()) {
      if (key.startsWith(`${index} `)) this.#places.delete(key);
    }
  }
}

/** What an event can be merged under; undefined for one that stays separate. */
function toKey(event: UntypedEvent): string | undefined {
  if (event.type === 'message_delta' || event.type === 'ping') return event.type;
  if (event.type !== 'content_block_delta') return undefined;
  const { type } = event.delta as UntypedDelta;
  return isMergeable(type) ? `${event.index} ${type}` : undefined;
}

function merge(earlier: UntypedEvent, later: UntypedEvent): UntypedEvent {
  if (later.type === 'message_delta') return mergeMessageDeltas(earlier, later);
  if (later.type !== 'content_block_delta') return later;
  return {
    ...later,
    delta: mergeDeltas(earlier.delta as UntypedDelta, later.delta as UntypedDelta),
  };
}
