import type { AnthropicError } from '../errors.js';
import type { LooseEvent } from '../message/loose.js';
import { Attempts, type Use } from '../transport/attempts.js';
import { type MaybeLater, tell, type Waiting } from '../transport/later.js';
import type { ResponseHead } from '../transport/port.js';
import type { Call, RequestOptions, Settings } from '../transport/settings.js';
import type { StreamAttempt } from './attempt-log.js';
import { MessageEvents } from './message-events.js';
import { type EventSource, type Next, promisedNext, type SourceOwner } from './source.js';

/** For a request that goes on with what another began. */
export interface Continued {
  how?: StreamAttempt['how'];
  /** What of the `total` limit the others spent, in milliseconds. */
  waited?: number;
}

/**
 * The events of a request to the API. As long as no content was handed out, a failure that may pass
 * is answered with another try; so `message_start` is held back until the event after it.
 */
export class RequestSource implements EventSource {
  readonly #attempts: Attempts;
  readonly #how: StreamAttempt['how'];
  readonly #owner: Partial<SourceOwner>;
  readonly #maxEventBytes: number;
  #connected: Promise<ResponseHead> | undefined;
  #opened: Promise<void> | undefined;
  #held: LooseEvent[] = [];
  #events: MessageEvents | undefined;
  #failure: { error: unknown } | undefined;

  constructor(
    settings: Settings,
    call: Call,
    options: RequestOptions,
    owner: Partial<SourceOwner>,
    { how = 'request', waited = 0 }: Continued = {},
  ) {
    this.#attempts = new Attempts(settings, call, options, waited);
    this.#how = how;
    this.#owner = owner;
    this.#maxEventBytes = options.maxEventBytes ?? settings.maxEventBytes;
  }

  /** Milliseconds that were spent waiting for the server. */
  get waited(): number {
    return this.#attempts.waited;
  }

  connect(): Promise<ResponseHead> {
    this.#connected ??= new Promise((resolve, reject) => {
      this.#opened = this.#open(resolve).catch((error) => {
        this.#failure = { error };
        reject(error);
      });
    });
    return this.#connected;
  }

  next(waiting: Waiting<Next>): MaybeLater<Next> {
    if (this.#events !== undefined) {
      return this.#held.length === 0 ? this.#events.next(waiting) : this.#held.shift();
    }
    // Until a try has succeeded, or the last one failed, what is held may still be dropped.
    if (this.#failure === undefined) return tell(this.#first(), waiting);
    if (this.#held.length > 0) return this.#held.shift();
    throw this.#failure.error;
  }

  cancel(reason: AnthropicError): void {
    this.#attempts.cancel(reason);
  }

  async #first(): Promise<Next> {
    this.connect().catch(() => {}); // The failure comes from `next`, after the events before it.
    await this.#opened;
    return promisedNext(this);
  }

  async #open(connected: (head: ResponseHead) => void): Promise<void> {
    const use: Use<MessageEvents> = async (response, attempt) => {
      connected(response.head);
      this.#owner.onHead?.(response.head);
      const events = new MessageEvents(response, attempt, this.#maxEventBytes);
      await this.#hold(events);
      return events;
    };
    const { onTry, onTryFailed, onRetry } = this.#owner;
    this.#events = await this.#attempts.run(use, {
      onTry: () => onTry?.(this.#how),
      ...(onTryFailed && { onTryFailed }),
      ...(onRetry && { onRetry }),
    });
  }

  /** Reads up to the first event that is content: from there on another try would repeat it. */
  async #hold(events: MessageEvents): Promise<void> {
    this.#held = [];
    for (;;) {
      const event = await promisedNext(events);
      if (event === undefined) return;
      this.#held.push(event);
      if (event.type === 'message_start') this.#owner.onHeld?.(event);
      if (event.type !== 'message_start' && event.type !== 'ping') return;
    }
  }
}
