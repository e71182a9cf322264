import { concat } from '../sse/concat.js';
import { encodeEvent } from '../sse/encode.js';
import { type Entry, isEnd } from './engine.js';
import { type End, eventType, isEvent } from './payloads.js';
import type { Replica } from './replica.js';
import { toWireId } from './wire-id.js';

/** How often a silent connection gets a comment, in milliseconds: proxies close what is silent for longer. */
export const KEEP_ALIVE_MS = 15_000;
export const KEEP_ALIVE = ': keep-alive\n\n';

/** How much is handed on at once, in bytes. */
const SPAN_BYTES = 65_536;

/** A part of a log that had a length. */
interface Span {
  from: number;
  length: number;
  next: number;
  bytes: Uint8Array | undefined;
}

/** One that reads the log as server-sent events. */
export interface SseListener {
  /** There is more. */
  wake: () => void;
  /** It was silent for long. */
  keepAlive: () => void;
}

const MESSAGE_DELTA = '{"type":"message_delta"';

const logs = /* @__PURE__ */ new WeakMap<Replica, SseLog>();

/**
 * A log as server-sent events. Each entry is encoded once, for all followers: what differs between them is a
 * place in the log.
 */
export class SseLog {
  readonly #replica: Replica;
  readonly #bytes: (Uint8Array | null)[] = [];
  /** The latest that was read. */
  #span: Span = { from: -1, length: 0, next: 0, bytes: undefined };
  readonly #listeners = new Set<SseListener>();
  #list: readonly SseListener[] | undefined;
  #ticks: ReturnType<typeof setInterval> | undefined;

  constructor(replica: Replica) {
    this.#replica = replica;
  }

  /** The one of a replica. */
  static of(replica: Replica): SseLog {
    const log = logs.get(replica) ?? new SseLog(replica);
    logs.set(replica, log);
    return log;
  }

  /**
   * How many entries there are to read. The stop reason of a turn of a run waits for what follows it: a reader ends a
   * message soon after it, and the next event may take as long as another process needs to take the run over.
   */
  get length(): number {
    const { entries, claim } = this.#replica;
    if (!claim?.run || this.isEnded) return entries.length;
    const last = entries.findLastIndex(isEvent);
    return entries[last]?.payload.startsWith(MESSAGE_DELTA) ? last : entries.length;
  }

  /** Whether there will be no more entries. */
  get isEnded(): boolean {
    return this.#replica.end !== undefined || this.#replica.failure !== undefined;
  }

  get replica(): Replica {
    return this.#replica;
  }

  /** The bytes of an entry; null for one that is not part of the stream. */
  at(index: number): Uint8Array | null {
    const known = this.#bytes[index];
    if (known !== undefined) return known;
    const text = encode(this.#replica.entries[index] as Entry, this.#replica.claim?.tag ?? '');
    const bytes = text === undefined ? null : utf8().encode(text);
    this.#bytes[index] = bytes;
    return bytes;
  }

  /**
   * The bytes of the entries from an index on, at most about 64 KiB, and the index after them; undefined where none is
   * shown. Followers in step get the same bytes.
   */
  from(index: number): Span {
    const { length } = this;
    // Kept for the followers that are still to read.
    if (index >= length) return { from: index, length, next: index, bytes: undefined };
    if (this.#span.from === index && this.#span.length === length) return this.#span;
    this.#span = this.#read(index, length);
    return this.#span;
  }

  #read(from: number, length: number): Span {
    const parts: Uint8Array[] = [];
    let size = 0;
    let next = from;
    while (next < length && size < SPAN_BYTES) {
      const bytes = this.at(next++);
      if (bytes === null) continue;
      parts.push(bytes);
      size += bytes.length;
    }
    const bytes = parts.length > 1 ? concat(parts, size) : parts[0];
    return { from, length, next, bytes };
  }

  listen(listener: SseListener): void {
    this.#listeners.add(listener);
    this.#list = undefined;
    this.#ticks ??= setInterval(this.#tick, KEEP_ALIVE_MS);
    this.#replica.wait(this.#wake);
  }

  leave(listener: SseListener): void {
    this.#listeners.delete(listener);
    this.#list = undefined;
    if (this.#listeners.size > 0) return;
    clearInterval(this.#ticks);
    this.#ticks = undefined;
    this.#replica.unwait(this.#wake);
  }

  readonly #wake = (): void => {
    this.#replica.wait(this.#wake);
    for (const listener of this.#all()) listener.wake();
  };

  readonly #tick = (): void => {
    for (const listener of this.#all()) listener.keepAlive();
  };

  #all(): readonly SseListener[] {
    this.#list ??= [...this.#listeners];
    return this.#list;
  }
}

function encode(entry: Entry, tag: string): string | undefined {
  const { payload } = entry;
  if (isEnd(entry)) {
    const { error } = JSON.parse(payload) as End;
    if (error === undefined) return undefined;
    return withId(tag, entry, 'error', JSON.stringify(error));
  }
  if (!isEvent(entry)) return undefined;
  return withId(tag, entry, eventType(payload), payload);
}

function withId(tag: string, entry: Entry, event: string, data: string): string {
  return `id: ${toWireId(tag, entry)}\n${encodeEvent({ event, data })}`;
}

// Made at the first need: test runners for pages may lack it.
let encoder: TextEncoder | undefined;

export function utf8(): TextEncoder {
  encoder ??= new TextEncoder();
  return encoder;
}
