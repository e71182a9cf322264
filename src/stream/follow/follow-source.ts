import { type AnthropicError, APIConnectionError } from '../../errors.js';
import { PENDING, type Poll, toPoll, type Wake } from '../../pull/poll.js';
import { systemClock } from '../../transport/clock.js';
import { Deadline } from '../../transport/deadline.js';
import { fromResponse } from '../../transport/fetch.js';
import { unreadResponse } from '../../transport/fetch-contract.js';
import type { ResponseHead, TransportResponse } from '../../transport/port.js';
import { requestError } from '../../transport/request-error.js';
import { failStatus, isSuccess } from '../../transport/success.js';
import { DEFAULT_TIMEOUTS, withTimeout } from '../../transport/timeouts.js';
import type { ReceivedOptions } from '../received-source.js';
import type { Source, SourceOwner } from '../source.js';
import type { ConnectionEvents, Followed, OpenConnection } from './followed.js';
import { onPageReturn } from './page-events.js';
import { isTransient, nothingMore, Reconnects } from './reconnects.js';

/** A relay is never silent for longer than 15 s. */
const SILENCE_MS = 30_000;

/** When a page returns, a connection that had an event since then is alive. */
const FRESH_MS = 2_000;

/** A connection that lasted so long was no failure: platforms and relays end long ones on purpose. */
const LASTING_MS = 3_000;

/** A connection that is read. */
interface Connection<T> {
  response: TransportResponse;
  events: ConnectionEvents<T>;
}

/** One stream over any number of connections: each continues after the last event of the one before. */
export class FollowSource<T> implements Source<T> {
  readonly #open: OpenConnection;
  readonly #followed: Followed<T>;
  readonly #owner: Pick<SourceOwner, 'onTry' | 'onHead' | 'onRetry'>;
  /** Of all connections, which share its `total`. */
  readonly #deadline: Deadline;
  readonly #reconnects: Reconnects;
  readonly #abort = new AbortController();
  /** The latest, also one whose head was refused. */
  #response: TransportResponse | undefined;
  #connection: Connection<T> | undefined;
  /** Of the latest connection. */
  #leaving = new AbortController();
  #connecting: ((wake: Wake) => Poll<ResponseHead>) | undefined;
  #lastEventId: string | undefined;
  #received = 0;
  #hasEvents = false;
  /** The stream itself has ended with it, and not a connection. */
  #final: unknown;
  /** When there was progress last, or the connection began. */
  #since = 0;
  #connected = 0;
  #endPause: (() => void) | undefined;
  #stopWatching: (() => void) | undefined;

  /** @param options checked. */
  constructor(
    open: OpenConnection,
    options: Pick<ReceivedOptions, 'timeout'>,
    followed: Followed<T>,
    owner: Pick<SourceOwner, 'onTry' | 'onHead' | 'onRetry'>,
  ) {
    this.#open = open;
    this.#followed = followed;
    this.#owner = owner;
    const limits = withTimeout(
      { ...DEFAULT_TIMEOUTS, response: SILENCE_MS, idle: SILENCE_MS },
      options.timeout,
    );
    this.#deadline = new Deadline(limits, systemClock, (error) =>
      this.#response?.body.cancel(error),
    );
    this.#reconnects = new Reconnects(limits.stall);
  }

  connect(wake: Wake): Poll<ResponseHead> {
    if (this.#connection !== undefined) return this.#connection.response.head;
    if (this.#connecting === undefined) {
      this.#owner.onTry('request');
      this.#stopWatching = onPageReturn(() => this.#pageReturned());
      this.#connecting = toPoll(this.#connect(0));
    }
    return this.#connecting(wake);
  }

  next(wake: Wake): Poll<T> {
    for (;;) {
      if (this.connect(wake) === PENDING) return PENDING;
      try {
        const event = (this.#connection as Connection<T>).events.next(wake);
        if (event === PENDING) return PENDING;
        this.#progress();
        // The stream is complete with it, and asks for nothing more.
        if (this.#followed.isLast(event)) this.#stop();
        return event;
      } catch (error) {
        this.#lost(error);
      }
    }
  }

  cancel(reason: AnthropicError): void {
    this.#abort.abort(reason);
    this.#disconnect(reason);
    this.#stop();
  }

  #progress(): void {
    this.#hasEvents = true;
    this.#since = systemClock.now();
    this.#reconnects.progress();
  }

  /** The connection is lost: the next one continues. @throws where the stream itself has failed. */
  #lost(error: unknown): void {
    const { events } = this.#connection as Connection<T>;
    this.#lastEventId = events.lastEventId || this.#lastEventId;
    this.#reconnects.retry = events.retry ?? this.#reconnects.retry;
    this.#received += events.bytes;
    const isOver = error === this.#final || !isTransient(error) || this.#abort.signal.aborted;
    // Without an id the server would send everything again.
    if (isOver || (this.#hasEvents && this.#lastEventId === undefined)) {
      this.#stop();
      throw error;
    }
    this.#disconnect(error);
    if (systemClock.now() - this.#connected >= LASTING_MS) {
      this.#reconnects.lasted();
      if (events.isWaiting) this.#progress();
    }
    const pause = this.#reconnects.failed(error, systemClock.now() - this.#since);
    this.#retrying(error, pause);
    this.#connecting = toPoll(this.#connect(pause));
  }

  async #connect(pause: number): Promise<ResponseHead> {
    for (let wait = pause; ; ) {
      let since = systemClock.now();
      try {
        if (wait > 0) await this.#pause(wait);
        this.#abort.signal.throwIfAborted();
        since = systemClock.now();
        return await this.#try();
      } catch (error) {
        this.#leaving.abort(error);
        if (!isTransient(error) || this.#abort.signal.aborted) {
          this.#stop();
          throw error;
        }
        wait = this.#reconnects.failed(error, systemClock.now() - since);
        this.#retrying(error, wait);
      }
    }
  }

  async #try(): Promise<ResponseHead> {
    const { signal } = this.#abort;
    const deadline = this.#deadline;
    const attempt = { deadline, signal };
    this.#leaving = new AbortController();
    this.#response = undefined;
    deadline.restart();
    const opened = await deadline
      .wait(opening(this.#open, this.#lastEventId, this.#leaving.signal), 'response')
      .catch((error) => Promise.reject(requestError(error, { signal })));
    const response = fromResponse(unreadResponse(opened, `${this.#followed.method}()`));
    this.#response = response;
    if (signal.aborted) response.body.cancel(signal.reason);
    signal.throwIfAborted();
    if (!isSuccess(response.head)) await failStatus(response, attempt);
    if (response.head.status === 204) throw nothingMore();
    const events = this.#followed.read(response, attempt, {
      received: this.#received,
      failed: (error) => {
        this.#final = error;
      },
    });
    this.#since = systemClock.now();
    this.#connected = this.#since;
    this.#connection = { response, events };
    this.#owner.onHead(response.head);
    return response.head;
  }

  #retrying(error: AnthropicError, delay: number): void {
    this.#owner.onRetry({ attempt: this.#reconnects.failures, delay, error });
  }

  /** Until the time is over, the page is shown again, or the stream is cancelled. */
  async #pause(ms: number): Promise<void> {
    const since = systemClock.now();
    const pause = new Promise<void>((resolve) => {
      const timer = systemClock.setTimeout(resolve, ms);
      this.#endPause = () => {
        systemClock.clearTimeout(timer);
        resolve();
      };
    });
    await this.#deadline.wait(pause, 'backoff').finally(() => this.#endPause?.());
    this.#endPause = undefined;
    this.#reconnects.paused(systemClock.now() - since);
  }

  #pageReturned(): void {
    this.#endPause?.();
    if (this.#connection === undefined || systemClock.now() - this.#since < FRESH_MS) return;
    this.#connection.response.body.cancel(new APIConnectionError('the page was away'));
  }

  #disconnect(reason: unknown): void {
    const connection = this.#connection;
    this.#connection = undefined;
    this.#connecting = undefined;
    connection?.response.body.cancel(reason);
    this.#deadline.clear();
    this.#leaving.abort(reason);
  }

  #stop(): void {
    this.#stopWatching?.();
    this.#stopWatching = undefined;
    this.#endPause?.();
  }
}

/** What `open` throws at once rejects as well. */
async function opening(
  open: OpenConnection,
  ...args: Parameters<OpenConnection>
): Promise<Response> {
  return open(...args);
}
