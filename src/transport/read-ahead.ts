import { concat } from '../sse/concat.js';
import { LATER, type MaybeLater, type Waiting } from './later.js';

/** How much is read before anybody asks: enough to keep a fast reader busy, and no more. */
const READ_AHEAD_BYTES = 65_536;

/** The flow of bytes as a transport must steer it. */
export interface Flow {
  pause: () => void;
  resume: () => void;
}

/**
 * What arrived and was not read yet. An end or a failure waits behind the bytes that came before it:
 * platform streams throw away what they hold when the connection fails, this one does not.
 */
export class ReadAhead {
  readonly #flow: Flow;
  #chunks: Uint8Array[] = [];
  #bytes = 0;
  #paused = false;
  #waiting: Waiting<Uint8Array | null> | undefined;
  #ended = false;
  #failure: { error: unknown } | undefined;
  #discarding = false;

  constructor(flow: Flow) {
    this.#flow = flow;
  }

  get closed(): boolean {
    return this.#ended || this.#failure !== undefined;
  }

  push(chunk: Uint8Array): void {
    if (this.closed || this.#discarding) return;
    const waiting = this.#waiting;
    if (waiting !== undefined) {
      this.#waiting = undefined;
      waiting.arrived(chunk);
      return;
    }
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    if (this.#bytes >= READ_AHEAD_BYTES && !this.#paused) {
      this.#paused = true;
      this.#flow.pause();
    }
  }

  end(): void {
    if (this.closed) return;
    this.#ended = true;
    this.#waiting?.arrived(null);
  }

  fail(error: unknown): void {
    if (this.closed) return;
    this.#failure = { error };
    this.#waiting?.failed(error);
  }

  /**
   * One read at a time: the next one may come when this one has been answered.
   * @throws the failure, where nothing is left before it.
   */
  read(waiting: Waiting<Uint8Array | null>): MaybeLater<Uint8Array | null> {
    if (this.#bytes > 0) return this.#takeAll();
    if (this.#failure !== undefined) throw this.#failure.error;
    if (this.#ended) return null;
    this.#resume();
    this.#waiting = waiting;
    return LATER;
  }

  /** In one piece: to go through many small ones costs several times what joining them does. */
  #takeAll(): Uint8Array {
    const [first] = this.#chunks;
    const bytes =
      this.#chunks.length === 1 ? (first as Uint8Array) : concat(this.#chunks, this.#bytes);
    this.#drop();
    return bytes;
  }

  /** Nobody will read: what is here and what still comes is thrown away, so that the end can come. */
  discard(): void {
    this.#discarding = true;
    this.#drop();
  }

  #drop(): void {
    this.#chunks = [];
    this.#bytes = 0;
    this.#resume();
  }

  #resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#flow.resume();
  }
}
