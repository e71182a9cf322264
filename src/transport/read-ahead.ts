import { PENDING, type Poll, type Wake } from '../pull/poll.js';
import { concat } from '../sse/concat.js';

/** How much is read before it is asked for: enough to keep a fast reader busy. */
const READ_AHEAD_BYTES = 65_536;

/** What a transport does to stop and restart the bytes. */
export interface Flow {
  pause(): unknown;
  resume(): unknown;
}

/**
 * Bytes that have arrived and were not read yet. An end or a failure waits behind the bytes before it:
 * platform streams drop what they hold when the connection fails, this one doesn't.
 */
export class ReadAhead {
  readonly #flow: Flow;
  /** Mostly one waits: an array for it would cost a slow stream 1 %. */
  #first: Uint8Array | undefined;
  #others: Uint8Array[] = [];
  #bytes = 0;
  #paused = false;
  #wake: Wake | undefined;
  #ended = false;
  #failure: { error: unknown } | undefined;
  #discarding = false;

  constructor(flow: Flow) {
    this.#flow = flow;
  }

  get closed(): boolean {
    return this.#ended || this.#failure !== undefined;
  }

  /** Whether more may follow this chunk before it is read. */
  hasRoomAfter(chunk: Uint8Array): boolean {
    return this.#bytes + chunk.length < READ_AHEAD_BYTES;
  }

  /** Bound: it can be a listener. */
  readonly push = (chunk: Uint8Array): void => {
    if (this.closed || this.#discarding) return;
    if (this.#first === undefined) this.#first = chunk;
    else this.#others.push(chunk);
    this.#bytes += chunk.length;
    this.#wakeReader();
    if (this.#bytes >= READ_AHEAD_BYTES && !this.#paused) {
      this.#paused = true;
      this.#flow.pause();
    }
  };

  end(): void {
    if (this.closed) return;
    this.#ended = true;
    this.#wakeReader();
  }

  fail(error: unknown): void {
    if (this.closed) return;
    this.#failure = { error };
    this.#wakeReader();
  }

  /**
   * All that is here. One question at a time.
   * @throws the failure, where nothing is left before it.
   */
  read(wake: Wake): Poll<Uint8Array | null> {
    if (this.#bytes > 0) return this.#takeAll();
    if (this.#failure !== undefined) throw this.#failure.error;
    if (this.#ended) return null;
    this.#resume();
    this.#wake = wake;
    return PENDING;
  }

  #wakeReader(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }

  /** In one piece: decoding many small chunks costs several times what joining them does. */
  #takeAll(): Uint8Array {
    const first = this.#first as Uint8Array;
    const bytes = this.#others.length === 0 ? first : concat([first, ...this.#others], this.#bytes);
    this.#drop();
    return bytes;
  }

  /** Drops what is here and what still arrives, so that the end can arrive. */
  discard(): void {
    this.#discarding = true;
    this.#drop();
  }

  #drop(): void {
    this.#first = undefined;
    if (this.#others.length > 0) this.#others = [];
    this.#bytes = 0;
    this.#resume();
  }

  #resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#flow.resume();
  }
}
