import { isMergeable, MergedDelta } from '../message/merged-delta.js';
import { MergedMessageDelta } from '../message/message-delta.js';
import type { UntypedDelta, UntypedEvent } from '../message/untyped.js';
import { type Backlog, Queue } from '../pull/backlog.js';

/**
 * Events of a message that wait for one reader. Deltas of one kind for one block become one, so a
 * reader that lags behind costs what the message costs, however many events there were.
 */
export class EventBacklog implements Backlog<UntypedEvent> {
  readonly #items = new Queue<Item>();
  /** The items that the next event of their kind can join: the event type, or the block → the delta type. */
  readonly #open = new Map<unknown, Map<string, Item>>();

  constructor(past: Iterable<UntypedEvent> = []) {
    for (const event of past) this.push(event);
  }

  push(event: UntypedEvent): void {
    // A block starts again where one was discarded: its deltas must not join those of the old one.
    if (event.type === 'content_block_start') this.#open.delete(event.index);
    const [group, kind] = keyOf(event);
    if (kind === undefined) {
      this.#items.push({ event });
      return;
    }
    let open = this.#open.get(group);
    if (open === undefined) {
      open = new Map();
      this.#open.set(group, open);
    }
    const item = open.get(kind);
    if (item !== undefined && !item.isTaken) {
      merge(item, event);
      return;
    }
    const first: Item = { event };
    open.set(kind, first);
    this.#items.push(first);
  }

  shift(): UntypedEvent | undefined {
    const item = this.#items.shift();
    if (item === undefined) return undefined;
    item.isTaken = true;
    if (this.#items.length === 0) this.#open.clear();
    return merged(item);
  }
}

/** An event that waits, and those that joined it. */
interface Item {
  event: UntypedEvent;
  delta?: MergedDelta;
  messageDelta?: MergedMessageDelta;
  isTaken?: true;
}

/** What an event can be merged under; no kind for one that stays separate. */
function keyOf(event: UntypedEvent): [group?: unknown, kind?: string] {
  if (event.type === 'message_delta' || event.type === 'ping') return [undefined, event.type];
  if (event.type !== 'content_block_delta') return [];
  const { type } = event.delta as UntypedDelta;
  return isMergeable(type) ? [event.index, type] : [];
}

function merge(item: Item, later: UntypedEvent): void {
  const { event } = item;
  if (later.type === 'message_delta') {
    item.messageDelta ??= new MergedMessageDelta(event);
    item.messageDelta.add(later);
    return;
  }
  item.event = later;
  if (later.type !== 'content_block_delta') return;
  item.delta ??= new MergedDelta(event.delta as UntypedDelta);
  item.delta.add(later.delta as UntypedDelta);
}

function merged({ event, delta, messageDelta }: Item): UntypedEvent {
  if (messageDelta !== undefined) return messageDelta.event;
  return delta === undefined ? event : { ...event, delta: delta.delta };
}
