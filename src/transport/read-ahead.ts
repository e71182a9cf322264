import { type MaybeLater, Soon } from './soon.js';

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
  readonly #chunks: Uint8Array[] = [];
  #bytes = 0;
  #paused = false;
  #waiter: Soon<Uint8Array | null> | undefined;
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
    const waiter = this.#waiter;
    if (waiter !== undefined) {
      this.#waiter = undefined;
      waiter.resolve(chunk);
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
    this.#waiter?.resolve(null);
  }

  fail(error: unknown): void {
    if (this.closed) return;
    this.#failure = { error };
    this.#waiter?.reject(error);
  }

  /** One read at a time: the next one may come when this one has settled. */
  read(): MaybeLater<Uint8Array | null> {
    const chunk = this.#chunks.shift();
    if (chunk !== undefined) {
      this.#bytes -= chunk.length;
      this.#resume();
      return chunk;
    }
    if (this.#failure !== undefined) return Promise.reject(this.#failure.error);
    if (this.#ended) return null;
    this.#resume();
    this.#waiter = new Soon();
    return this.#waiter;
  }

  /** Nobody will read: what is here and what still comes is thrown away, so that the end can come. */
  discard(): void {
    this.#discarding = true;
    this.#chunks.length = 0;
    this.#bytes = 0;
    this.#resume();
  }

  #resume(): void {
    if (!this.#paused || this.#bytes >= READ_AHEAD_BYTES) return;
    this.#paused = false;
    this.#flow.resume();
  }
}
