import type { AnthropicError } from '../errors.js';
import type { UntypedEvent } from '../message/untyped.js';
import { PENDING, type Poll, toPoll, type Wake } from '../pull/poll.js';
import type { EventSource, Next, SourceOwner } from '../stream/source.js';
import type { TraceHeaders } from '../trace/contexts.js';
import type { ResponseHead } from '../transport/port.js';
import { errorOf } from './ends.js';
import { compare, type Entry, isEnd } from './engine.js';
import { conflictError } from './log-writer.js';
import { isEvent, noteIn } from './payloads.js';
import type { Replica } from './replica.js';
import { headOf } from './response-head.js';
import { fromWireId, toWireId, unknownIdError } from './wire-id.js';

/** A log that a source holds open. */
export interface HeldLog {
  replica: Replica;
  release: () => void;
}

/** The events of a log, for a MessageStream in this process. A place in the log, not a queue. */
export class LogSource implements EventSource {
  readonly #open: () => Promise<HeldLog>;
  readonly #owner: SourceOwner;
  readonly #after: string | undefined;
  #opening: ((wake: Wake) => Poll<HeldLog>) | undefined;
  #log: HeldLog | undefined;
  #index = 0;
  #isConnected = false;
  #last: Entry | undefined;
  #waiting: Wake[] = [];
  #cancelled: AnthropicError | undefined;

  /** @param after the id of the last event that the reader has. */
  constructor(open: () => Promise<HeldLog>, owner: SourceOwner, after?: string) {
    this.#open = open;
    this.#owner = owner;
    this.#after = after;
  }

  /** The id of the last event that was read. */
  get lastEventId(): string | undefined {
    if (this.#last === undefined) return this.#after;
    return toWireId(this.#log?.replica.claim?.tag ?? '', this.#last);
  }

  /** What leads to the spans of those who produced it. */
  get producers(): readonly TraceHeaders[] {
    return this.#log?.replica.producers ?? [];
  }

  connect(wake: Wake): Poll<ResponseHead> {
    const log = this.#opened(wake);
    if (log === PENDING) return PENDING;
    const { replica } = log;
    if (!replica.hasEvents) {
      const error = replica.failure ?? (replica.end && errorOf(replica.end));
      if (error !== undefined) throw error;
      if (replica.end === undefined) return this.#wait(replica, wake);
    }
    this.#connected(replica);
    return headOf(replica.headers);
  }

  next(wake: Wake): Poll<Next> {
    const log = this.#opened(wake);
    if (log === PENDING) return PENDING;
    const { replica } = log;
    for (;;) {
      const entry = replica.entries[this.#index];
      if (entry === undefined) break;
      this.#index++;
      if (isEnd(entry)) return this.#end(log);
      const event = this.#eventIn(entry, replica);
      // The stream is complete with it, and asks for nothing more.
      if (event?.type === 'message_stop') this.#release();
      if (event === undefined) continue;
      this.#connected(replica);
      return event;
    }
    if (replica.failure !== undefined) throw replica.failure;
    return this.#wait(replica, wake);
  }

  cancel(reason: AnthropicError): void {
    this.#cancelled ??= reason;
    this.#release();
  }

  #opened(wake: Wake): Poll<HeldLog> {
    if (this.#log !== undefined) return this.#log;
    if (this.#opening === undefined) {
      this.#owner.onTry('request');
      this.#opening = toPoll(this.#open());
    }
    const log = this.#opening(wake);
    if (log === PENDING) return PENDING;
    this.#log = log;
    if (this.#cancelled !== undefined) this.#release();
    assertMessage(log.replica);
    if (log.replica.hasEvents) this.#connected(log.replica);
    if (this.#after !== undefined) this.#skip(log.replica, this.#after);
    return log;
  }

  /** The API has responded. */
  #connected({ headers }: Replica): void {
    if (this.#isConnected) return;
    this.#isConnected = true;
    this.#owner.onHead(headOf(headers));
  }

  #wait(replica: Replica, wake: Wake): typeof PENDING {
    if (!this.#waiting.includes(wake)) this.#waiting.push(wake);
    replica.wait(this.#woken);
    return PENDING;
  }

  /** One function for every wait: a thousand followers wait after each append. */
  readonly #woken = (): void => {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  };

  /** The reader has what is before an event, and that. */
  #skip(replica: Replica, id: string): void {
    const position = fromWireId(replica.claim?.tag ?? '', id);
    if (position === undefined) throw unknownIdError();
    for (const entry of replica.entries) {
      if (isEnd(entry) || compare(entry, position) > 0) return;
      const event = this.#eventIn(entry, replica);
      if (event !== undefined) this.#owner.onSeen(event);
      this.#index++;
    }
  }

  #end({ replica }: HeldLog): Next {
    this.#release();
    const error = replica.end && errorOf(replica.end);
    if (error === undefined) return undefined;
    throw error;
  }

  #eventIn(entry: Entry, { events }: Replica): UntypedEvent | undefined {
    if (isEvent(entry)) {
      this.#last = entry;
      return events.of(entry);
    }
    const note = noteIn(entry.payload);
    if (note?.note === 'response') this.#owner.onHead(headOf(note.headers));
    return undefined;
  }

  #release(): void {
    this.#waiting = [];
    this.#log?.replica.unwait(this.#woken);
    this.#log?.release();
  }
}

/** @throws ConflictError for what is no message. */
export function assertMessage({ claim }: Replica): void {
  const said =
    claim?.created !== undefined
      ? 'this stream was created by PUT and is no message: read it with a client of the Durable Streams protocol'
      : claim?.run && 'this stream is a run of tools: follow it with relay.followRun(id)';
  if (said) throw conflictError(said);
}
