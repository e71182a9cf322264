import type { AnthropicError } from '../errors.js';
import type { UntypedEvent } from '../message/untyped.js';
import { Queue } from '../pull/backlog.js';
import { PENDING, type Poll, toPoll, toPromise, type Wake } from '../pull/poll.js';
import type { ApiRequest, RequestOptions, ResolvedOptions } from '../transport/options.js';
import type { ResponseHead } from '../transport/port.js';
import { type ResponseHandler, RetryingRequest } from '../transport/retrying-request.js';
import { type SizeLimits, sizeLimits } from '../transport/size-limits.js';
import type { StreamAttempt } from './attempt-log.js';
import { ResponseEvents } from './response-events.js';
import type { EventSource, Next, SourceOwner } from './source.js';

/** How a source reads its events; and, where it continues what another began, what it takes over. */
export interface SourceOptions {
  /** The events are handed on as they are. */
  isRaw?: boolean;
  kind?: StreamAttempt['kind'];
  /** How much of the `total` limit the others spent, in milliseconds. */
  waited?: number;
  /** How many bytes of the message they received. */
  received?: number;
}

/**
 * The events of a request to the API. A transient failure before the first content is answered with
 * another try, so `message_start` is held back until the event after it.
 */
export class RequestSource implements EventSource {
  readonly #request: RetryingRequest;
  readonly #kind: StreamAttempt['kind'];
  readonly #owner: Partial<SourceOwner>;
  readonly #limits: SizeLimits;
  readonly #receivedBefore: number;
  readonly #isRaw: boolean;
  /** The events, once content has arrived: from there on another try would repeat it. */
  #opened: ((wake: Wake) => Poll<ResponseEvents>) | undefined;
  /** Of the first good response. */
  #head: ResponseHead | undefined;
  /** Those that wait for it. */
  #connecting: Wake[] = [];
  #held = new Queue<UntypedEvent>();
  /** Whether the latest event of those that are held back is a ping. */
  #isPinged = false;
  #events: ResponseEvents | undefined;

  constructor(
    settings: ResolvedOptions,
    call: ApiRequest,
    options: RequestOptions,
    owner: Partial<SourceOwner>,
    { kind = 'request', waited = 0, received = 0, isRaw = false }: SourceOptions = {},
  ) {
    // What is continued was broken off.
    const isFresh = kind !== 'request';
    this.#request = new RetryingRequest(settings, call, options, waited, isFresh);
    this.#kind = kind;
    this.#owner = owner;
    this.#limits = sizeLimits(options, settings);
    this.#receivedBefore = received;
    this.#isRaw = isRaw;
  }

  /** Milliseconds that were spent waiting for the server. */
  get waited(): number {
    return this.#request.waited;
  }

  /** How many bytes of the message were received, with those of the requests before. */
  get received(): number {
    return this.#receivedBefore + (this.#events?.bytes ?? 0);
  }

  connect(wake: Wake): Poll<ResponseHead> {
    this.#opened ??= this.#open();
    if (this.#head !== undefined) return this.#head;
    // Asked for its failure.
    this.#opened(wake);
    this.#connecting.push(wake);
    return PENDING;
  }

  next(wake: Wake): Poll<Next> {
    if (this.#events === undefined) {
      this.#opened ??= this.#open();
      try {
        const events = this.#opened(wake);
        if (!(events instanceof ResponseEvents)) return events;
        this.#events = events;
      } catch (error) {
        // The last try has failed: what it held will not be replaced.
        if (this.#held.length > 0) return this.#held.shift();
        throw error;
      }
    }
    return this.#held.length > 0 ? this.#held.shift() : this.#events.next(wake);
  }

  cancel(reason: AnthropicError): void {
    this.#request.cancel(reason);
  }

  #open(): (wake: Wake) => Poll<ResponseEvents> {
    const handle: ResponseHandler<ResponseEvents> = (response, attempt) => {
      this.#connected(response.head);
      const events = new ResponseEvents(response, attempt, this.#limits, {
        isRaw: this.#isRaw,
        received: this.#receivedBefore,
      });
      this.#held = new Queue();
      this.#isPinged = false;
      return toPromise((wake) => this.#hold(events, wake));
    };
    const { onTry, onTryFailed, onRetry } = this.#owner;
    const opened = this.#request.run(handle, {
      onTry: () => onTry?.(this.#kind),
      ...(onTryFailed && { onTryFailed }),
      ...(onRetry && { onRetry }),
    });
    return toPoll(opened);
  }

  #connected(head: ResponseHead): void {
    this.#head ??= head;
    this.#owner.onHead?.(head);
    for (const wake of this.#connecting.splice(0)) wake();
  }

  /** Reads up to the first event that is content. @returns the events after it. */
  #hold(events: ResponseEvents, wake: Wake): Poll<ResponseEvents> {
    for (;;) {
      const event = events.next(wake);
      if (event === PENDING) return PENDING;
      if (event === undefined) return events;
      const isPing = event.type === 'ping';
      // Of pings in a row one is kept, as for a reader that lags: there is no end to them.
      if (!isPing || !this.#isPinged) this.#held.push(event);
      this.#isPinged = isPing;
      if (event.type === 'message_start') this.#owner.onHeld?.(event);
      else if (!isPing) return events;
    }
  }
}
