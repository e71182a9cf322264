import { LONGEST_TIMER_MS } from '../transport/clock.js';
import { HeldStream } from './held-stream.js';
import type { HeldLog } from './log-source.js';
import type { FollowOptions, RelaySettings } from './options.js';
import type { ParamsStore } from './params-store.js';
import { Producer, type Turn } from './producer.js';
import { takeOver } from './takeover.js';

/** The streams that this process follows or produces, by id. */
export class HeldStreams {
  readonly #settings: RelaySettings;
  readonly #params: ParamsStore;
  readonly #stop: (id: string, reason: string) => Promise<unknown>;
  readonly #byId = new Map<string, HeldStream>();
  #isDraining = false;

  constructor(
    settings: RelaySettings,
    params: ParamsStore,
    stop: (id: string, reason: string) => Promise<unknown>,
  ) {
    this.#settings = settings;
    this.#params = params;
    this.#stop = stop;
  }

  /** Whether this process hands its streams over, and takes none. */
  get isDraining(): boolean {
    return this.#isDraining;
  }

  /** @param client takes it over; by default the one that did before, or that of the relay. */
  get(id: string, client?: FollowOptions['client']): HeldStream {
    const held =
      this.#byId.get(id) ??
      new HeldStream(id, {
        settings: this.#settings,
        lost: (lost, isHandover) => this.#lost(lost, isHandover),
        alone: (alone) => void this.#stop(alone.id, 'alone').catch(() => {}),
        left: (left) => this.#left(left),
      });
    this.#byId.set(id, held);
    held.use(client);
    return held;
  }

  /** Loads the log of a stream, and holds it. @throws NotFoundError (rejects) where there is none. */
  async open(id: string, client?: FollowOptions['client']): Promise<HeldLog> {
    const held = this.get(id, client);
    const release = held.hold();
    try {
      await held.load();
      return { replica: held.replica, release };
    } catch (error) {
      release();
      throw error;
    }
  }

  /** Produces a stream. Resolves when this process's turn is over. */
  async produce(held: HeldStream, turn: Turn): Promise<void> {
    const release = held.hold();
    const producer = new Producer(this.#settings, held.replica, turn);
    held.producer = producer;
    held.watch();
    // It was being taken over when the drain began.
    if (this.#isDraining) void producer.handOver(0);
    const keep = (): void => void this.#params.beat(held.id).catch(() => {});
    const beats = setInterval(keep, Math.min(this.#settings.ttl / 3, LONGEST_TIMER_MS));
    await producer.done;
    clearInterval(beats);
    held.producer = undefined;
    // Only once the stream has ended: another process may still need them.
    if (held.replica.end !== undefined) await this.#params.remove(held.id).catch(() => {});
    held.watch();
    release();
  }

  /** The log of this process is not that of the store any more. */
  forget(id: string): void {
    this.#byId.delete(id);
  }

  /** Hands all streams over that are produced here. @param tools how long tools may run on, in milliseconds. */
  async drain(tools: number): Promise<void> {
    this.#isDraining = true;
    const producers = [...this.#byId.values()].flatMap(({ producer }) => producer ?? []);
    await Promise.all(producers.map((producer) => producer.handOver(tools)));
  }

  #lost(held: HeldStream, isHandover: boolean): void {
    const settings = {
      ...this.#settings,
      params: this.#params,
      isDraining: () => this.#isDraining,
      produce: (taken: HeldStream, turn: Turn) => void this.produce(taken, turn),
    };
    takeOver(settings, held, isHandover).catch(() => held.watchdog.again(this.#settings.lease / 4));
  }

  #left(held: HeldStream): void {
    held.close();
    if (this.#byId.get(held.id) === held) this.#byId.delete(held.id);
  }
}
