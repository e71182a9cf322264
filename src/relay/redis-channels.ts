import type { RedisSubscriber } from './redis-client.js';

/** How long a connection without subscriptions is kept, in milliseconds. */
const IDLE_MS = 1_000;
/** How long to wait before another try to subscribe. */
const RETRY_MS = 250;

/** Called with a message; without one where messages may have been missed. */
type Listener = (message?: string) => void;

/** The subscriptions of a process: one connection, and one channel for all that watch the same log. */
export class RedisChannels {
  readonly #connect: () => Promise<RedisSubscriber>;
  readonly #channels = new Map<string, Set<Listener>>();
  #connection: Promise<RedisSubscriber> | undefined;
  #idle: ReturnType<typeof setTimeout> | undefined;

  constructor(connect: () => Promise<RedisSubscriber>) {
    this.#connect = connect;
  }

  /** Calls back once more when the subscription is active. @returns a function that ends it. */
  watch(channel: string, listener: Listener): () => void {
    clearTimeout(this.#idle);
    const listeners = this.#channels.get(channel);
    if (listeners === undefined) {
      this.#channels.set(channel, new Set([listener]));
      void this.#subscribe(channel);
    } else listeners.add(listener);
    return () => this.#leave(channel, listener);
  }

  #leave(channel: string, listener: Listener): void {
    const listeners = this.#channels.get(channel);
    if (!listeners?.delete(listener) || listeners.size > 0) return;
    this.#channels.delete(channel);
    void this.#connection?.then((it) => it.unsubscribe(channel)).catch(() => {});
    if (this.#channels.size === 0) this.#idle = setTimeout(this.#close, IDLE_MS);
  }

  async #subscribe(channel: string): Promise<void> {
    try {
      this.#connection ??= this.#open();
      const connection = await this.#connection;
      await connection.subscribe(channel, (message) => this.#notify(channel, message));
      this.#notify(channel);
    } catch {
      if (!this.#channels.has(channel)) return;
      setTimeout(() => this.#channels.has(channel) && void this.#subscribe(channel), RETRY_MS);
    }
  }

  async #open(): Promise<RedisSubscriber> {
    try {
      const connection = await this.#connect();
      connection.onReconnect(() => {
        for (const channel of this.#channels.keys()) this.#notify(channel);
      });
      return connection;
    } catch (error) {
      this.#connection = undefined;
      throw error;
    }
  }

  #notify(channel: string, message?: string): void {
    for (const listener of this.#channels.get(channel) ?? []) listener(message);
  }

  readonly #close = (): void => {
    const connection = this.#connection;
    this.#connection = undefined;
    void connection?.then((it) => it.close()).catch(() => {});
  };
}
