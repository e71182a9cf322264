import type { Anthropic } from '../client.js';
import { asAnthropicError } from '../errors.js';
import { missingError, unreachableError, within } from './log-writer.js';
import type { FollowOptions, RelaySettings } from './options.js';
import type { Producer } from './producer.js';
import { Replica } from './replica.js';
import { Watchdog } from './watchdog.js';

/** How long the first read of a log may take, in milliseconds. */
const LOAD_MS = 10_000;

/** What happens to a stream that this process holds. */
export interface HeldStreamOwner {
  settings: RelaySettings;
  /** The producer is gone, or has given the stream up. */
  lost: (held: HeldStream, isHandover: boolean) => void;
  /** This process produces it, and no one here has followed it for `stopWhenAlone`. */
  alone: (held: HeldStream) => void;
  /** The last holder has left. */
  left: (held: HeldStream) => void;
}

/** A stream that this process follows or produces, while it does. */
export class HeldStream {
  readonly id: string;
  readonly replica: Replica;
  readonly watchdog: Watchdog;
  /** Where this process produces it. */
  producer: Producer | undefined;
  /** Until when this process waits for another to take over. */
  graceUntil: number | undefined;
  readonly #owner: HeldStreamOwner;
  #client: FollowOptions['client'];
  #holders = 0;
  #alone: ReturnType<typeof setTimeout> | undefined;
  #loading: Promise<void> | undefined;

  constructor(id: string, owner: HeldStreamOwner) {
    this.id = id;
    this.#owner = owner;
    this.#client = owner.settings.client;
    const { engine, lease } = owner.settings;
    this.replica = new Replica(id, {
      engine,
      heard: () => this.#heard(),
      handedOver: () => {
        if (this.producer === undefined) owner.lost(this, true);
      },
    });
    this.watchdog = new Watchdog(id, {
      engine,
      lease,
      sync: () => this.replica.sync(),
      lost: () => owner.lost(this, false),
      unreachable: (error) => this.replica.fail(unreachableError(error)),
    });
  }

  /** Takes it over. */
  get client(): Anthropic | undefined {
    if (typeof this.#client === 'function') this.#client = this.#client();
    return this.#client;
  }

  /** @param client takes it over from now on; undefined changes nothing. */
  use(client: FollowOptions['client']): void {
    this.#client = client ?? this.#client;
  }

  /** How many follow or produce it. */
  get holders(): number {
    return this.#holders;
  }

  /** @returns a function that lets go. */
  hold(): () => void {
    this.#holders++;
    clearTimeout(this.#alone);
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.#holders--;
      if (this.#holders === 0) this.#owner.left(this);
      if (this.#holders === 1 && this.producer !== undefined) this.#waitAlone();
    };
  }

  /** This process has claimed the log as the first. @param claim its first entry. */
  begin(claim: string): void {
    this.replica.begin(claim);
    this.#loading = Promise.resolve();
  }

  /** Reads the log. @throws NotFoundError (rejects) where there is none; APIConnectionError for no answer. */
  async load(): Promise<void> {
    this.#loading ??= this.#load();
    await this.#loading;
  }

  /** Looks after the producer, where it is another process. */
  watch(): void {
    const { end, claim } = this.replica;
    // A stream that was created by PUT has no lease.
    const isWatched = this.producer === undefined && end === undefined && !claim?.created;
    if (!isWatched) this.watchdog.stop();
    else this.watchdog.start();
  }

  /** Only the producer holds it. */
  #waitAlone(): void {
    const { stopWhenAlone } = this.#owner.settings;
    if (stopWhenAlone === undefined) return;
    this.#alone = setTimeout(() => this.#owner.alone(this), stopWhenAlone);
  }

  close(): void {
    clearTimeout(this.#alone);
    this.watchdog.stop();
    this.replica.close();
  }

  async #load(): Promise<void> {
    try {
      await within(LOAD_MS, this.replica.load());
    } catch (error) {
      throw unreachableError(asAnthropicError(error));
    }
    if (this.replica.claim === undefined) throw missingError(this.id);
    this.watch();
  }

  #heard(): void {
    this.graceUntil = undefined;
    this.watchdog.heard();
    if (this.replica.end !== undefined) this.watchdog.stop();
  }
}
