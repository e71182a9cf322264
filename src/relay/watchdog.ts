import type { Engine } from './engine.js';
import { within } from './log-writer.js';

/** How long followers wait for a push before they look whether one was lost, in milliseconds. */
const SILENCE_MS = 5_000;
/** How long the store may be out of reach before followers learn of it. */
const OUTAGE_MS = 10_000;

/** What a watchdog reports. */
export interface WatchdogOwner {
  engine: Engine;
  lease: number;
  /** Reads what may have been missed. */
  sync: () => Promise<void>;
  /** No producer has a lease, and has had none for `ms` at least. */
  lost: () => void;
  /** The store can't be reached. */
  unreachable: (error: unknown) => void;
}

/**
 * Looks whether the producer of a followed stream is alive. While pushes arrive it costs nothing. After an
 * outage of the store it waits for one lease: the producer may be unable to beat, too.
 */
export class Watchdog {
  readonly #id: string;
  readonly #owner: WatchdogOwner;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #heard = 0;
  #failingSince: number | undefined;
  #notBefore = 0;
  #isStopped = true;

  constructor(id: string, owner: WatchdogOwner) {
    this.#id = id;
    this.#owner = owner;
  }

  start(): void {
    if (!this.#isStopped) return;
    this.#isStopped = false;
    this.heard();
    this.#set(0);
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** There are new entries. */
  heard(): void {
    this.#heard = performance.now();
  }

  /** Looks again after a time. */
  again(ms: number): void {
    if (!this.#isStopped) this.#set(ms);
  }

  get #silence(): number {
    return Math.min(SILENCE_MS, this.#owner.lease / 2);
  }

  #set(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#look, ms);
  }

  readonly #look = (): void => {
    const rest = this.#heard + this.#silence - performance.now();
    if (rest > 1 && this.#timer !== undefined && this.#failingSince === undefined) {
      this.#set(rest);
      return;
    }
    void this.#check();
  };

  async #check(): Promise<void> {
    const began = performance.now();
    try {
      const left = await within(OUTAGE_MS, this.#owner.engine.alive(this.#id));
      await within(OUTAGE_MS, this.#owner.sync());
      if (this.#isStopped) return;
      this.#reached(began);
      const wait = this.#notBefore - performance.now();
      if (left > 0) this.#set(Math.min(left + 10, this.#silence));
      else if (wait > 0) this.#set(wait);
      else this.#owner.lost();
    } catch (error) {
      if (this.#isStopped) return;
      this.#failingSince ??= began;
      if (performance.now() - this.#failingSince >= OUTAGE_MS) this.#owner.unreachable(error);
      else this.#set(250);
    }
  }

  /** A slow answer is the end of an outage as well: commands wait for the connection. */
  #reached(began: number): void {
    const now = performance.now();
    if (this.#failingSince !== undefined || now - began > SLOW_MS) {
      this.#notBefore = now + this.#owner.lease;
    }
    this.#failingSince = undefined;
  }
}

const SLOW_MS = 1_000;
