import type { LooseDelta, LooseEvent } from '../message/loose.js';
import { mergeMessageDeltas } from '../message/message-delta.js';
import type { Backlog } from '../pull/backlog.js';
import { restartFrom } from './restart-event.js';

/**
 * Events of a message that wait for one reader. Deltas of one kind for one block become one, so a
 * reader that lags behind costs what the message costs, however many events there were.
 */
export class EventBacklog implements Backlog<LooseEvent> {
  #items: (LooseEvent | undefined)[] = [];
  #at = 0;
  /** Where the delta waits that the next one of its kind can join. */
  readonly #places = new Map<string, number>();

  constructor(past: Iterable<LooseEvent> = []) {
    for (const event of past) this.push(event);
  }

  push(event: LooseEvent): void {
    if (event.type === 'content_block_start') this.#forget(event.index);
    const key = keyOf(event);
    const place = key === undefined ? undefined : this.#places.get(key);
    const waiting = place === undefined ? undefined : this.#items[place];
    if (place !== undefined && waiting !== undefined) {
      this.#items[place] = merge(waiting, event);
      return;
    }
    if (key !== undefined) this.#places.set(key, this.#items.length);
    this.#items.push(event);
  }

  /** A block begins anew where one was given up: its deltas must not join those of the old one. */
  #forget(index: unknown): void {
    for (const type of merges.keys()) this.#places.delete(`${index} ${type}`);
  }

  shift(): LooseEvent | undefined {
    if (this.#at === this.#items.length) return undefined;
    const event = this.#items[this.#at];
    this.#items[this.#at++] = undefined;
    if (this.#at === this.#items.length) {
      this.#items = [];
      this.#at = 0;
      this.#places.clear();
    }
    return event;
  }
}

type Merge = (earlier: LooseDelta, later: LooseDelta) => LooseDelta;

const joined =
  (field: string): Merge =>
  (earlier, later) => ({ ...earlier, ...later, [field]: `${earlier[field]}${later[field]}` });
const replaced: Merge = (earlier, later) => ({ ...earlier, ...later });

const merges: ReadonlyMap<string, Merge> = new Map([
  ['text_delta', joined('text')],
  ['thinking_delta', joined('thinking')],
  ['input_json_delta', joined('partial_json')],
  ['signature_delta', replaced],
  ['compaction_delta', replaced],
]);

/** What an event can be merged under; undefined for one that stays by itself. */
function keyOf(event: LooseEvent): string | undefined {
  if (restartFrom(event) !== undefined) return undefined;
  if (event.type === 'message_delta' || event.type === 'ping') return event.type;
  if (event.type !== 'content_block_delta') return undefined;
  const { type } = event.delta as LooseDelta;
  return merges.has(type) ? `${event.index} ${type}` : undefined;
}

function merge(earlier: LooseEvent, later: LooseEvent): LooseEvent {
  if (later.type === 'message_delta') return mergeMessageDeltas(earlier, later);
  const delta = later.delta as LooseDelta | undefined;
  const rule = delta && merges.get(delta.type);
  return rule ? { ...later, delta: rule(earlier.delta as LooseDelta, delta) } : later;
}
