import { STRING_DELTAS } from '../message/kinds.js';
import { MergedDelta } from '../message/merged-delta.js';
import type { UntypedDelta, UntypedEvent } from '../message/untyped.js';

/**
 * Events and notes that wait to be appended: adjacent deltas of one kind for one block become one, where their
 * strings follow each other.
 */
export class Batch {
  #items: Item[] = [];
  #last: EventItem | undefined;
  #size = 0;

  /** About how many characters wait. */
  get size(): number {
    return this.#size;
  }

  get isEmpty(): boolean {
    return this.#items.length === 0;
  }

  /** @returns whether it can wait: it continues a block, and more may follow. */
  add(event: UntypedEvent): boolean {
    const delta = event.type === 'content_block_delta' ? (event.delta as UntypedDelta) : undefined;
    this.#size += delta === undefined ? 256 : lengthOf(delta);
    if (delta === undefined || !STRING_DELTAS.has(delta.type)) {
      this.#items.push({ event });
      this.#last = undefined;
      // What follows them is here already: content, and the end of the log.
      return event.type === 'message_start' || event.type === 'message_stop';
    }
    const kind = `${event.index} ${delta.type}`;
    if (this.#last?.kind === kind) {
      this.#last.merged ??= new MergedDelta(this.#last.event.delta as UntypedDelta);
      this.#last.merged.add(delta);
      return true;
    }
    this.#last = { event, kind };
    this.#items.push(this.#last);
    return true;
  }

  /** Adds what is no event, encoded. */
  addNote(payload: string): void {
    this.#items.push({ payload });
    this.#last = undefined;
    this.#size += payload.length;
  }

  /** The payloads of all that waits. */
  take(): string[] {
    const items = this.#items;
    this.#items = [];
    this.#last = undefined;
    this.#size = 0;
    return items.map((item) => {
      if ('payload' in item) return item.payload;
      const { event, merged } = item;
      return JSON.stringify(merged === undefined ? event : { ...event, delta: merged.delta });
    });
  }
}

type Item = EventItem | { payload: string };

interface EventItem {
  event: UntypedEvent;
  /** The block and the kind of its delta, where another can join it. */
  kind?: string;
  merged?: MergedDelta;
}

function lengthOf(delta: UntypedDelta): number {
  // Merged deltas have one type.
  let length = -delta.type.length;
  for (const value of Object.values(delta)) if (typeof value === 'string') length += value.length;
  return length;
}
