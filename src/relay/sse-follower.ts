import { concat } from '../sse/concat.js';
import { encodeEvent } from '../sse/encode.js';
import { toRelayedBody } from '../stream/to-relayed-body.js';
import { KEEP_ALIVE, type SseListener, type SseLog, utf8 } from './sse-log.js';

/** How a follower over HTTP reads. */
export interface FollowerOptions {
  /** The index of its first entry. */
  from: number;
  rotate: number | undefined;
  /** @param isOver whether it has read all, and nothing follows. */
  left: (isOver: boolean) => void;
}

/**
 * One connection that follows a log: a place in it. While the client can't take more it holds nothing, and goes on
 * where it was.
 */
export class SseFollower implements SseListener {
  readonly #log: SseLog;
  readonly #options: FollowerOptions;
  #index: number;
  #more: Uint8Array | undefined;
  #isSilent = true;
  #isDone = false;
  #wake: (() => void) | undefined;
  #rotation: ReturnType<typeof setTimeout> | undefined;

  constructor(log: SseLog, options: FollowerOptions) {
    this.#log = log;
    this.#options = options;
    this.#index = options.from;
    this.#more = utf8().encode('retry: 1000\n\n');
    log.listen(this);
    if (options.rotate !== undefined) {
      this.#rotation = setTimeout(() => this.leave(), options.rotate);
    }
  }

  /** Whether there is nothing more to read. */
  get isDone(): boolean {
    return this.#isDone;
  }

  get #hasMore(): boolean {
    return this.#more !== undefined || this.#log.isEnded;
  }

  /** What is there to send, at most about 64 KiB; undefined where there is nothing now. */
  take(): Uint8Array | undefined {
    if (this.#isDone || (this.#index >= this.#log.length && !this.#hasMore)) return undefined;
    const { next, bytes } = this.#log.from(this.#index);
    this.#index = next;
    // Most of the time there is one entry, and nothing else to send or to decide.
    const isOver = this.#log.isEnded && next >= this.#log.length;
    const taken = this.#more === undefined && !isOver ? bytes : this.#with(bytes, isOver);
    if (taken !== undefined) this.#isSilent = false;
    return taken;
  }

  #with(bytes: Uint8Array | undefined, isOver: boolean): Uint8Array | undefined {
    const parts = [this.#more, bytes, isOver ? this.#failure() : undefined].filter(
      (part) => part !== undefined,
    );
    this.#more = undefined;
    if (isOver) this.leave(true);
    if (parts.length < 2) return parts[0];
    return concat(
      parts,
      parts.reduce((length, part) => length + part.length, 0),
    );
  }

  /** Calls back once, when there is more to take or the end. */
  wait(wake: () => void): void {
    this.#wake = wake;
  }

  wake(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }

  keepAlive(): void {
    if (this.#isSilent && this.#wake !== undefined) this.#more = utf8().encode(KEEP_ALIVE);
    this.#isSilent = true;
    if (this.#more !== undefined) this.wake();
  }

  leave(isOver = false): void {
    if (this.#isDone) return;
    this.#isDone = true;
    clearTimeout(this.#rotation);
    this.#log.leave(this);
    this.#options.left(isOver);
    this.wake();
  }

  /** The log can't be read any more: that is no end of the stream, but of what is known here. */
  #failure(): Uint8Array | undefined {
    const { failure } = this.#log.replica;
    if (failure === undefined) return undefined;
    const data = JSON.stringify(toRelayedBody(failure, true));
    return utf8().encode(encodeEvent({ event: 'error', data }));
  }
}
