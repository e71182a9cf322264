import {
  type AnthropicError,
  APIConnectionError,
  asAnthropicError,
  ConflictError,
  NotFoundError,
} from '../errors.js';
import type { UntypedEvent } from '../message/untyped.js';
import { Batch } from './batch.js';
import { type Appended, type Engine, type Position, toEntries } from './engine.js';
import { type End, encodeNote, type Note } from './payloads.js';
import type { Replica } from './replica.js';

/** What a writer needs of its relay. */
export interface WriterSettings {
  engine: Engine;
  ttl: number;
  batch: { ms: number; bytes: number };
  warn: (message: string) => void;
}

/** How long an append is retried while the store can't be reached, in milliseconds. */
const OUTAGE_MS = 10_000;
/** How much may wait meanwhile, in characters. */
const OUTAGE_SIZE = 1_048_576;
const RETRY_MS = 100;

/**
 * Appends the events of one producer to its log: the first delta of each block and every other event at once,
 * the deltas after it in batches. One append is under way at a time.
 */
export class LogWriter {
  readonly #settings: WriterSettings;
  readonly #replica: Replica;
  readonly #epoch: number;
  readonly #batch = new Batch();
  readonly #failed: (outcome: Exclude<Appended, 'ok'> | 'unreachable') => void;
  #seq = 1;
  #block: unknown;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #appending: Promise<void> | undefined;
  #isUrgent = false;
  #isClosed = false;
  #isEnding = false;

  /** @param failed called once, when nothing can be appended any more. */
  constructor(
    settings: WriterSettings,
    replica: Replica,
    epoch: number,
    failed: (outcome: Exclude<Appended, 'ok'> | 'unreachable') => void,
  ) {
    this.#settings = settings;
    this.#replica = replica;
    this.#epoch = epoch;
    this.#failed = failed;
  }

  /** Whether nothing more is appended. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** @returns a promise while too much waits: read on when it resolves. */
  add(event: UntypedEvent): Promise<void> | undefined {
    if (this.#isClosed) return undefined;
    const canWait = this.#batch.add(event) && !this.#isFirst(event);
    this.#isUrgent ||= !canWait || this.#batch.size >= this.#settings.batch.bytes;
    this.#schedule();
    return this.#batch.size > OUTAGE_SIZE ? this.#appending : undefined;
  }

  /** Appends a note after the events before it: with those that follow, or after the time of a batch. */
  note(note: Note): void {
    if (this.#isClosed) return;
    this.#batch.addNote(encodeNote(note));
    this.#schedule();
  }

  /** Appends what waits, now. */
  async flush(): Promise<void> {
    this.#isUrgent = true;
    this.#schedule();
    await this.#settled();
  }

  /** Appends what waits, and ends the log. */
  async end(end: End): Promise<void> {
    // What waits is appended with the end: no reader sees the one without the other.
    this.#isEnding = true;
    this.#clear();
    await this.#settled();
    if (!this.#isClosed) await this.#append(this.#batch.take(), JSON.stringify(end));
    this.close();
  }

  /** Nothing more is appended. */
  close(): void {
    this.#isClosed = true;
    this.#clear();
  }

  /** The first delta of a block is not held back. */
  #isFirst(event: UntypedEvent): boolean {
    if (event.type !== 'content_block_delta') {
      if (event.type === 'content_block_start') this.#block = undefined;
      return false;
    }
    const isFirst = this.#block !== event.index;
    this.#block = event.index;
    return isFirst;
  }

  #clear(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  async #settled(): Promise<void> {
    while (this.#appending !== undefined) await this.#appending;
  }

  #schedule(): void {
    if (this.#appending !== undefined || this.#isClosed || this.#isEnding) return;
    if (this.#isUrgent) this.#flush();
    else if (!this.#batch.isEmpty) this.#timer ??= setTimeout(this.#flush, this.#settings.batch.ms);
  }

  readonly #flush = (): void => {
    this.#clear();
    this.#isUrgent = false;
    this.#appending = this.#append(this.#batch.take()).finally(() => {
      this.#appending = undefined;
      this.#schedule();
    });
  };

  async #append(payloads: string[], end?: string): Promise<void> {
    const at = { epoch: this.#epoch, seq: this.#seq };
    const outcome = await this.#persist(at, payloads, end);
    if (outcome !== 'ok') {
      if (!this.#isClosed) this.#failed(outcome);
      this.close();
      return;
    }
    this.#seq += payloads.length;
    this.#replica.take(toEntries(at, payloads, end));
  }

  async #persist(
    at: Position,
    payloads: string[],
    end: string | undefined,
  ): Promise<Appended | 'unreachable'> {
    const { engine, ttl, warn } = this.#settings;
    const { id } = this.#replica;
    const deadline = performance.now() + OUTAGE_MS;
    for (let failures = 0; ; failures++) {
      try {
        const left = deadline - performance.now();
        let outcome = await within(left, engine.append(id, at, payloads, { ttl, end }));
        if (outcome === 'gap') {
          warn(`the log of stream ${id} has lost entries: they are appended again`);
          outcome = await within(left, this.#repeat(at, payloads, end));
        }
        return outcome;
      } catch (error) {
        // The push can be faster than the answer, which then is not missed.
        if (this.#isPushed(at, payloads, end)) return 'ok';
        const left = deadline - performance.now();
        if (failures === 0)
          warn(`stream ${id} can't be appended to: ${asAnthropicError(error).message}`);
        if (left <= RETRY_MS || this.#isClosed) return 'unreachable';
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }

  #isPushed({ epoch, seq }: Position, { length }: string[], end: string | undefined): boolean {
    const { last } = this.#replica;
    if (last === undefined) return false;
    if (end !== undefined) return last.payload === end;
    return last.epoch === epoch && last.seq >= seq + length - 1;
  }

  /** A failover has lost entries: the replica has them. */
  async #repeat(at: Position, payloads: string[], end: string | undefined): Promise<Appended> {
    const { engine, ttl } = this.#settings;
    const own = this.#replica.entries.filter(({ epoch }) => epoch === at.epoch);
    const all = [...own.map(({ payload }) => payload), ...payloads];
    return engine.append(this.#replica.id, { epoch: at.epoch, seq: 0 }, all, { ttl, end });
  }
}

/** Settles as the promise does, or rejects after a time. */
export function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new APIConnectionError('the store of the relay did not respond in time')),
      Math.max(ms, 0),
    );
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** What followers get where the store of the relay can't be reached. */
export function unreachableError(cause?: unknown): AnthropicError {
  return new APIConnectionError('the store of the relay can not be reached', { cause });
}

export function missingError(id: string): AnthropicError {
  return new NotFoundError(`there is no stream ${JSON.stringify(id)}, or it has expired`, {
    status: 404,
    type: 'not_found_error',
  });
}

export function conflictError(message: string): ConflictError {
  return new ConflictError(message, { status: 409, type: 'conflict_error' });
}

export function takenError(id: string): ConflictError {
  return conflictError(
    `there is a stream ${JSON.stringify(id)} with other params: use another id, or follow it`,
  );
}
