import { aSize, checkOptions, type OptionChecks } from '../check-options.js';
import type { AnthropicError } from '../errors.js';
import { PENDING, type Poll, toPoll, type Wake } from '../pull/poll.js';
import { fromRelayedBody } from '../relayed-error.js';
import type { Attempt } from '../transport/body-text.js';
import { systemClock } from '../transport/clock.js';
import { Deadline } from '../transport/deadline.js';
import { fromResponse } from '../transport/fetch.js';
import { unreadResponse } from '../transport/fetch-contract.js';
import { anAbortSignal } from '../transport/on-abort.js';
import type { RequestOptions } from '../transport/options.js';
import type { ResponseHead, TransportResponse } from '../transport/port.js';
import { sizeLimits } from '../transport/size-limits.js';
import { failStatus, isSuccess } from '../transport/success.js';
import { aTimeout, DEFAULT_TIMEOUTS, withTimeout } from '../transport/timeouts.js';
import { ResponseEvents } from './response-events.js';
import type { EventSource, Next, SourceOwner } from './source.js';

/** Options for a response that was fetched elsewhere. */
export type ReceivedOptions = Pick<
  RequestOptions,
  'signal' | 'timeout' | 'maxEventBytes' | 'maxMessageBytes'
>;

/** The checks of these. */
export const RECEIVED_OPTIONS: OptionChecks<ReceivedOptions> = {
  signal: anAbortSignal,
  timeout: aTimeout,
  maxEventBytes: aSize,
  maxMessageBytes: aSize,
};

/**
 * The events in a response to a request that was sent elsewhere: it can't be retried. One whose bytes are
 * at hand is never PENDING.
 */
export class ReceivedSource implements EventSource {
  readonly #response: TransportResponse;
  readonly #attempt: Attempt;
  readonly #abort = new AbortController();
  readonly #events: ResponseEvents;
  readonly #owner: SourceOwner;
  #checked: ((wake: Wake) => Poll<ResponseHead>) | undefined;

  constructor(response: TransportResponse, options: ReceivedOptions, owner: SourceOwner) {
    checkOptions(options, RECEIVED_OPTIONS);
    const limits = withTimeout(DEFAULT_TIMEOUTS, options.timeout);
    this.#response = response;
    this.#attempt = {
      deadline: new Deadline(limits, systemClock, (error) => this.cancel(error)),
      signal: this.#abort.signal,
    };
    this.#owner = owner;
    this.#events = new ResponseEvents(this.#response, this.#attempt, sizeLimits(options), {
      isRelayed: true,
      readError: fromRelayedBody,
    });
  }

  connect(wake: Wake): Poll<ResponseHead> {
    this.#checked ??= this.#check();
    return this.#checked(wake);
  }

  next(wake: Wake): Poll<Next> {
    return this.connect(wake) === PENDING ? PENDING : this.#events.next(wake);
  }

  cancel(reason: AnthropicError): void {
    this.#abort.abort(reason);
    this.#response.body.cancel(reason);
    this.#attempt.deadline.clear();
  }

  #check(): (wake: Wake) => Poll<ResponseHead> {
    const { head } = this.#response;
    this.#owner.onTry('request');
    if (!isSuccess(head)) return toPoll(failStatus(this.#response, this.#attempt));
    this.#owner.onHead(head);
    return () => head;
  }
}

/**
 * @param method names the method that was given it, in errors.
 * @throws AnthropicError for what is no response, or one whose body is read elsewhere.
 */
export function receivedResponse(
  received: Response | ReadableStream<Uint8Array>,
  method = 'MessageStream.from()',
): TransportResponse {
  // A bare stream can be the body of a fetch.
  const isMade = received instanceof ReadableStream ? false : undefined;
  return fromResponse(unreadResponse(received, method), undefined, isMade);
}
