import type { AnthropicError } from '../errors.js';
import type { TraceHeaders } from '../trace/contexts.js';
import {
  compare,
  type Engine,
  type Entry,
  isEnd,
  isSame,
  type Position,
  type Push,
} from './engine.js';
import { EntryEvents } from './entry-events.js';
import type { Claim, End } from './payloads.js';
import { noteIn } from './payloads.js';

/** How many entries are read at once. */
const PAGE = 512;

/** What a replica needs of its relay. */
export interface ReplicaOwner {
  engine: Engine;
  /** There are new entries, from the producer or from a read: it is alive. */
  heard: () => void;
  /** The producer has given the stream up. */
  handedOver: () => void;
}

/**
 * The log of one stream as this process has it: one copy for all of its followers. It is read once, then
 * entries are pushed; where one is missing, the rest is read again.
 */
export class Replica {
  readonly id: string;
  readonly entries: Entry[] = [];
  readonly events: EntryEvents = new EntryEvents();
  readonly #owner: ReplicaOwner;
  readonly #waiting = new Set<() => void>();
  #unwatch: (() => void) | undefined;
  #syncing: Promise<void> | undefined;
  #isStale = false;
  #claim: Claim | undefined;
  #end: End | undefined;
  #failure: AnthropicError | undefined;
  #headers: readonly [string, string][] = [];
  #hasEvents = false;
  readonly #producers: TraceHeaders[] = [];
  #bytes = 0;

  constructor(id: string, owner: ReplicaOwner) {
    this.id = id;
    this.#owner = owner;
  }

  /** The place of the last entry. */
  get last(): Entry | undefined {
    return this.entries.at(-1);
  }

  /** What the first producer wrote; undefined where there is no such stream. */
  get claim(): Claim | undefined {
    return this.#claim;
  }

  /** The epoch of the current producer, or of the last one. */
  get epoch(): number {
    const last = this.entries.findLast((entry) => !isEnd(entry));
    return last?.epoch ?? 0;
  }

  get end(): End | undefined {
    return this.#end;
  }

  /** Why it can't be read any more. */
  get failure(): AnthropicError | undefined {
    return this.#failure;
  }

  /** What is kept of the headers of the API's latest response. */
  get headers(): readonly [name: string, value: string][] {
    return this.#headers;
  }

  /** Whether the API has responded with an event. */
  get hasEvents(): boolean {
    return this.#hasEvents;
  }

  /** What leads to the spans of its producers, those that are traced. */
  get producers(): readonly TraceHeaders[] {
    return this.#producers;
  }

  /** How large the payloads are together, in UTF-16 units. */
  get size(): number {
    return this.#bytes;
  }

  /** Watches the log, and reads what there is. @throws what the engine throws. */
  async load(): Promise<void> {
    this.#watch();
    await this.sync();
  }

  /** This process has made the log: there is nothing to read. @param claim its first entry. */
  begin(claim: string): void {
    this.take([{ epoch: 1, seq: 0, payload: claim }]);
    this.#watch();
  }

  /** Calls back once, with the next change. */
  wait(wake: () => void): void {
    this.#waiting.add(wake);
  }

  /** Undoes `wait`. */
  unwait(wake: () => void): void {
    this.#waiting.delete(wake);
  }

  /** Takes in entries that follow the last one. Others are skipped. */
  take(entries: readonly Entry[]): void {
    let isNew = false;
    for (const entry of entries) {
      if (this.last !== undefined && compare(entry, this.last) <= 0) continue;
      isNew = true;
      this.#add(entry);
    }
    if (!isNew) return;
    this.#owner.heard();
    this.#wake();
  }

  /** Reads what is missing. Calls at the same time share one read, and a second one after it. */
  sync(): Promise<void> {
    if (this.#end !== undefined) return Promise.resolve();
    this.#isStale = true;
    this.#syncing ??= this.#read();
    return this.#syncing;
  }

  /** Ends it for the followers here. */
  fail(error: AnthropicError): void {
    if (this.#failure !== undefined || this.#end !== undefined) return;
    this.#failure = error;
    this.#wake();
  }

  close(): void {
    this.#unwatch?.();
    this.#unwatch = undefined;
  }

  #watch(): void {
    this.#unwatch ??= this.#owner.engine.watch(this.id, this.#pushed);
  }

  async #read(): Promise<void> {
    try {
      while (this.#isStale) {
        this.#isStale = false;
        for (let isMore = true; isMore && this.#end === undefined; ) {
          const entries = await this.#owner.engine.read(this.id, this.last, PAGE);
          this.take(entries);
          isMore = entries.length >= PAGE;
        }
      }
    } finally {
      // In the turn of the last look: a call after it must not share a read that is over.
      this.#syncing = undefined;
    }
  }

  readonly #pushed = (push?: Push): void => {
    const last: Position | undefined = this.last;
    if (push !== undefined && isSame(push.after, last)) {
      this.take(push.entries);
      return;
    }
    const newest = push?.entries.at(-1);
    if (newest !== undefined && last !== undefined && compare(newest, last) <= 0) return;
    // What can't be read now is read at the next push, or by the watchdog.
    this.sync().catch(() => {});
  };

  #add(entry: Entry): void {
    this.entries.push(entry);
    this.#bytes += entry.payload.length;
    if (isEnd(entry)) {
      this.#end = JSON.parse(entry.payload) as End;
      return;
    }
    if (entry.seq === 0) {
      this.#claim ??= JSON.parse(entry.payload) as Claim;
      return;
    }
    const note = noteIn(entry.payload);
    this.#hasEvents ||= note === undefined;
    if (note?.note === 'response') this.#headers = note.headers;
    if (note?.note === 'trace') this.#producers.push(note.headers);
    if (note?.note === 'handover') queueMicrotask(() => this.#handedOver(entry));
  }

  /** A log that is read late may have the producer that came after it. */
  #handedOver({ epoch }: Entry): void {
    if (this.epoch === epoch && this.#end === undefined) this.#owner.handedOver();
  }

  #wake(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const wake of waiting) wake();
  }
}
