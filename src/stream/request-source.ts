import type { AnthropicError } from '../errors.js';
import type { UntypedEvent } from '../message/untyped.js';
import { Queue } from '../pull/backlog.js';
import { type Poll, toPoll, toPromise, type Wake } from '../pull/poll.js';
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

/** A request that is under way. */
interface Opening {
  /** The head of the first good response. */
  connected: (wake: Wake) => Poll<ResponseHead>;
  /** The events, once content has arrived: from there on another try would repeat it. */
  opened: (wake: Wake) => Poll<ResponseEvents>;
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
  #opening: Opening | undefined;
  #held = new Queue<UntypedEvent>();
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
    this.#opening ??= this.#open();
    return this.#opening.connected(wake);
  }

  next(wake: Wake): Poll<Next> {
    if (this.#events === undefined) {
      this.#opening ??= this.#open();
      try {
        const events = this.#opening.opened(wake);
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

  #open(): Opening {
    let connected: (head: ResponseHead) => void = () => {};
    let failed: (error: unknown) => void = () => {};
    const head = new Promise<ResponseHead>((resolve, reject) => {
      connected = resolve;
      failed = reject;
    });
    const handle: ResponseHandler<ResponseEvents> = async (response, attempt) => {
      connected(response.head);
      this.#owner.onHead?.(response.head);
      const events = new ResponseEvents(response, attempt, this.#limits, {
        isRaw: this.#isRaw,
        received: this.#receivedBefore,
      });
      await this.#hold(events);
      return events;
    };
    const { onTry, onTryFailed, onRetry } = this.#owner;
    const events = this.#request.run(handle, {
      onTry: () => onTry?.(this.#kind),
      ...(onTryFailed && { onTryFailed }),
      ...(onRetry && { onRetry }),
    });
    events.catch(failed);
    return { connected: toPoll(head), opened: toPoll(events) };
  }

  /** Reads up to the first event that is content. */
  async #hold(events: ResponseEvents): Promise<void> {
    this.#held = new Queue();
    let isPinged = false;
    for (;;) {
      const event = await toPromise<Next>((wake) => events.next(wake));
      if (event === undefined) return;
      const isPing = event.type === 'ping';
      // Of pings in a row one is kept, as for a reader that lags: there is no end to them.
      if (!isPing || !isPinged) this.#held.push(event);
      isPinged = isPing;
      if (event.type === 'message_start') this.#owner.onHeld?.(event);
      else if (!isPing) return;
    }
  }
}
