import type { TLSSocket } from 'node:tls';
import { APITimeoutError } from '../../errors.js';
import { Cancellation, type CancelSignal } from '../cancellation.js';
import { Session, type SessionLimits } from './session.js';

/** The server speaks HTTP/1.1, and this connection with it, where one was made to find that out. */
export interface Http1 {
  socket: TLSSocket | undefined;
}

interface Waiter {
  resolve: (found: Session | Http1) => void;
  reject: (error: unknown) => void;
}

/** How long a server is taken to speak HTTP/1.1 only, in milliseconds, before ALPN is asked again. */
const HTTP1_MS = 600_000;

/**
 * The sessions with one server. Requests wait while a connection is made, as many as it may have streams: a
 * burst of 200 opens two, and not 200, before the server has said whether it speaks HTTP/2.
 */
export class SessionPool {
  readonly #origin: string;
  readonly #connect: (signal: CancelSignal) => Promise<TLSSocket>;
  readonly #limits: SessionLimits;
  readonly #sessions = new Set<Session>();
  readonly #waiting = new Set<Waiter>();
  /** Connections that are being made. */
  readonly #attempts = new Set<Cancellation>();
  /** Those that took too long for a request: the next one doesn't wait for them. */
  readonly #slow = new Set<Cancellation>();
  /** How many streams the latest session allowed. */
  #perSession: number;
  #isHttp1Until = 0;

  constructor(
    origin: string,
    connect: (signal: CancelSignal) => Promise<TLSSocket>,
    limits: SessionLimits,
  ) {
    this.#origin = origin;
    this.#connect = connect;
    this.#limits = limits;
    this.#perSession = limits.maxStreams;
  }

  /** A session with a reserved stream, if there is one and nothing waits for it. */
  acquireNow(): Session | undefined {
    if (this.#waiting.size > 0 || performance.now() < this.#isHttp1Until) return undefined;
    const session = this.#withRoom();
    session?.reserve();
    return session;
  }

  /**
   * A session with a reserved stream, or the word that the server speaks HTTP/1.1.
   * @throws what a connection failed with, or the signal's reason.
   */
  acquire(signal: CancelSignal): Promise<Session | Http1> {
    if (performance.now() < this.#isHttp1Until) return Promise.resolve({ socket: undefined });
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const abort = (): void => {
        reject(signal.reason);
        this.#left(waiter, signal.reason);
      };
      signal.addEventListener('abort', abort, { once: true });
      const settle = (): void => {
        this.#waiting.delete(waiter);
        signal.removeEventListener('abort', abort);
      };
      const waiter: Waiter = {
        resolve: (found) => {
          settle();
          resolve(found);
        },
        reject: (error) => {
          settle();
          reject(error);
        },
      };
      this.#waiting.add(waiter);
      this.#serve();
    });
  }

  /** The server wants HTTP/1.1 for this. */
  useHttp1(): void {
    this.#isHttp1Until = performance.now() + HTTP1_MS;
  }

  /** A connection has failed: those that are kept may be dead, too. */
  suspect(): void {
    for (const session of [...this.#sessions]) {
      if (session.streams === 0) session.close();
      else session.ping();
    }
  }

  /** Closes the sessions without a stream. */
  closeIdle(): void {
    for (const session of [...this.#sessions]) if (session.streams === 0) session.close();
  }

  /** Gives those that wait what there is, and makes connections for the rest. */
  #serve(): void {
    for (const waiter of this.#waiting) {
      const session = this.#withRoom();
      if (session === undefined) break;
      session.reserve();
      waiter.resolve(session);
    }
    let expected = this.#attempts.size * this.#perSession;
    for (const { mayGetRoom, streams } of this.#sessions) {
      if (mayGetRoom) expected += this.#perSession - streams;
    }
    for (; expected < this.#waiting.size; expected += this.#perSession) void this.#open();
  }

  #withRoom(): Session | undefined {
    for (const session of this.#sessions) if (session.room > 0) return session;
    return undefined;
  }

  async #open(): Promise<void> {
    const attempt = new Cancellation();
    this.#attempts.add(attempt);
    try {
      const socket = await this.#connect(attempt);
      if (socket.destroyed) throw new Error('the connection was closed');
      this.#forget(attempt);
      if (socket.alpnProtocol === 'h2') this.#add(socket);
      else this.#fallBack(socket);
    } catch (error) {
      const isAwaited = this.#forget(attempt);
      // Another connection may still be made for them.
      if (!isAwaited || this.#attempts.size > 0) return;
      for (const waiter of this.#waiting) waiter.reject(error);
    }
  }

  #add(socket: TLSSocket): void {
    const session = new Session(this.#origin, socket, this.#limits, {
      onRoom: () => {
        const { serverLimit = this.#perSession } = session;
        // None at all is a server that is about to stop: one connection each would not help.
        this.#perSession = Math.min(this.#limits.maxStreams, serverLimit) || this.#perSession;
        this.#serve();
      },
      onRetired: () => {
        this.#sessions.delete(session);
        this.#serve();
      },
    });
    this.#sessions.add(session);
    this.#serve();
  }

  #fallBack(socket: TLSSocket): void {
    this.useHttp1();
    const [first, ...others] = this.#waiting;
    if (first === undefined) socket.destroy();
    else first.resolve({ socket });
    for (const waiter of others) waiter.resolve({ socket: undefined });
  }

  /** Someone does not wait any longer. */
  #left(waiter: Waiter, reason: unknown): void {
    this.#waiting.delete(waiter);
    if (reason instanceof APITimeoutError) {
      for (const attempt of this.#attempts) this.#slow.add(attempt);
      this.#attempts.clear();
      this.#serve();
    }
    if (this.#waiting.size > 0) return;
    for (const attempt of [...this.#attempts, ...this.#slow]) {
      this.#forget(attempt);
      attempt.abort(new Error('nothing waits for this connection any more'));
    }
  }

  /** @returns whether requests were waiting for it. */
  #forget(attempt: Cancellation): boolean {
    this.#slow.delete(attempt);
    return this.#attempts.delete(attempt);
  }
}
