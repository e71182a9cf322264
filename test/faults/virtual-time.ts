import { providePartialInput } from '../../src/message/input-draft.js';
import { PartialInput } from '../../src/message/partial-input.js';
import { provideTracing } from '../../src/resources/traced-call.js';
import * as tracing from '../../src/resources/tracing.js';
import { ManualClock } from '../../src/testing/time/manual-clock.js';
import type { Clock } from '../../src/transport/clock.js';
import { Wires } from './wires.js';

// What a client loads on demand takes real time, which these clocks don't see.
providePartialInput(PartialInput);
provideTracing(tracing);
await Promise.all([
  import('../../src/transport/http2/pools.js'),
  import('../../src/resources/create-routes.js'),
]);

/** Longer than anything waits for on purpose. */
const FOREVER_MS = 48 * 3_600_000;

/** A manual clock that knows when its next timer is due. */
class Timers extends ManualClock {
  readonly #at = new Map<unknown, number>();

  override setTimeout(callback: () => void, ms: number): ReturnType<ManualClock['setTimeout']> {
    const fire = (): void => {
      this.#at.delete(timer);
      callback();
    };
    const timer = super.setTimeout(fire, ms);
    this.#at.set(timer, timer.at);
    return timer;
  }

  override clearTimeout(timer: unknown): void {
    this.#at.delete(timer);
    super.clearTimeout(timer);
  }

  get next(): number {
    return Math.min(...this.#at.values());
  }
}

/**
 * Time for a client and a server in one process, over real sockets. It passes only while nothing else
 * can happen: every byte has arrived, and everybody waits. So a wait of ten minutes takes none, and
 * what takes no time takes none, however slow the machine is.
 */
export class VirtualTime implements Disposable {
  /** For the client's `clock` option. */
  readonly clock: Clock & { readonly pending: number };
  readonly #client = new Timers();
  readonly #server = new Timers();
  readonly #wires = new Wires();

  constructor() {
    this.clock = this.#client;
  }

  /** Milliseconds since the beginning. */
  now(): number {
    return this.#client.now();
  }

  /** For the server: resolves when so much time has passed. */
  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => void this.#server.setTimeout(resolve, ms));
  }

  /**
   * Lets time pass until the promise settles.
   * @throws when it does not: nothing may hang.
   */
  async pass<T>(promise: Promise<T>): Promise<T> {
    let isSettled = false;
    const settled = (): void => {
      isSettled = true;
    };
    promise.then(settled, settled);
    for (;;) {
      await this.quiet();
      if (isSettled) return promise;
      const next = Math.min(this.#client.next, this.#server.next);
      if (next === Infinity) throw new Error('it hangs: everybody waits, and no timer is set');
      if (next > FOREVER_MS) throw new Error('it hangs: two days have passed');
      const ms = next - this.now();
      await Promise.all([this.#server.advance(ms), this.#client.advance(ms)]);
    }
  }

  /** Resolves when nothing happens any more unless time passes. */
  async quiet(): Promise<void> {
    for (let still = 0; still < STILL_TURNS; ) {
      const { bytes } = this.#wires;
      await new Promise((resolve) => setImmediate(resolve));
      still = this.#wires.areStill && this.#wires.bytes === bytes ? still + 1 : 0;
    }
  }

  [Symbol.dispose](): void {
    this.#wires[Symbol.dispose]();
  }
}

/** What has arrived is decoded and answered within this many turns of the event loop. */
const STILL_TURNS = 8;
