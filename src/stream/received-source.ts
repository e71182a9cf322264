import type { AnthropicError } from '../errors.js';
import { MAX_EVENT_BYTES } from '../sse/decoder.js';
import type { Attempt } from '../transport/attempts.js';
import { systemClock } from '../transport/clock.js';
import { DEFAULT_TIMEOUTS, Deadline, withTimeout } from '../transport/deadline.js';
import { fromResponse } from '../transport/fetch.js';
import { type MaybeLater, tell, type Waiting } from '../transport/later.js';
import type { ResponseHead, TransportResponse } from '../transport/port.js';
import { checked } from '../transport/send.js';
import type { RequestOptions } from '../transport/settings.js';
import { MessageEvents } from './message-events.js';
import { type EventSource, type Next, promisedNext, type SourceOwner } from './source.js';

/** The events in a response that somebody else asked for. There is no request to try again. */
export class ReceivedSource implements EventSource {
  readonly #response: TransportResponse;
  readonly #attempt: Attempt;
  readonly #abort = new AbortController();
  readonly #events: MessageEvents;
  readonly #owner: SourceOwner;
  #head: Promise<ResponseHead> | undefined;
  #isChecked = false;

  constructor(
    received: Response | ReadableStream<Uint8Array>,
    options: RequestOptions,
    owner: SourceOwner,
  ) {
    const limits = withTimeout(DEFAULT_TIMEOUTS, options.timeout);
    this.#response = fromResponse(
      received instanceof ReadableStream ? new Response(received) : received,
    );
    this.#attempt = {
      deadline: new Deadline(limits, systemClock, (error) => this.cancel(error)),
      signal: this.#abort.signal,
    };
    this.#owner = owner;
    this.#events = new MessageEvents(
      this.#response,
      this.#attempt,
      options.maxEventBytes ?? MAX_EVENT_BYTES,
    );
  }

  connect(): Promise<ResponseHead> {
    this.#head ??= this.#check();
    return this.#head;
  }

  next(waiting: Waiting<Next>): MaybeLater<Next> {
    if (this.#isChecked) return this.#events.next(waiting);
    const first = this.connect().then(() => promisedNext(this.#events));
    return tell(first, waiting);
  }

  cancel(reason: AnthropicError): void {
    this.#abort.abort(reason);
    this.#response.body.cancel(reason);
    this.#attempt.deadline.clear();
  }

  async #check(): Promise<ResponseHead> {
    this.#owner.onTry('request');
    const { head } = await checked(this.#response, this.#attempt);
    this.#isChecked = true;
    this.#owner.onHead(head);
    return head;
  }
}
