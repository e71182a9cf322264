import { type AnthropicError, APIUserAbortError } from '../errors.js';
import type { LooseEvent, LooseMessage } from '../message/loose.js';
import type { RateLimit } from '../rate-limit.js';
import type { StreamAttempt } from '../stream/attempt-log.js';
import { TextBacklog } from '../stream/backlog.js';
import { EventBacklog } from '../stream/event-backlog.js';
import { MessageState } from '../stream/message-state.js';
import { textDelta } from '../stream/text-of.js';
import type { ResponseHead } from '../transport/port.js';
import { takeStep } from './steps.js';
import { SyncHub } from './sync-hub.js';
import type { SyncReader } from './sync-reader.js';
import type { ThreadRequest } from './thread-request.js';

/**
 * What happens behind a SyncMessageStream: raw events come from the worker, are accumulated on this
 * thread, and go to readers. The snapshot is that of the event handed out last.
 */
export class SyncFlow {
  readonly #state = new MessageState();
  readonly #request: ThreadRequest;
  readonly #hub: SyncHub<LooseEvent, LooseEvent>;

  constructor(request: ThreadRequest) {
    this.#request = request;
    this.#request.onStep = (step) => takeStep(this.#state, step);
    this.#hub = new SyncHub({
      pull: () => this.#request.next(),
      accept: (event) => this.#state.accept(event),
      failure: (error) => this.#state.known(error),
      isLast: ({ type }) => type === 'message_stop',
      ended: (error) => {
        this.#state.ended(error);
        if (error !== undefined) this.#request.close();
      },
      abandoned: () =>
        this.fail(new APIUserAbortError('the reader left the stream before its end')),
    });
  }

  get snapshot(): LooseMessage | undefined {
    return this.#state.snapshot;
  }

  get requestId(): string | undefined {
    return this.#state.requestId;
  }

  get rateLimit(): RateLimit | undefined {
    return this.#state.rateLimit;
  }

  get attempts(): StreamAttempt[] {
    return this.#state.attempts;
  }

  /** A reader of events. */
  events(): SyncReader<LooseEvent, LooseEvent> {
    return this.#hub.reader({
      select: (event) => (event.type === 'ping' ? undefined : event),
      past: () => new EventBacklog(this.#state.past()),
    });
  }

  /** A reader of text. */
  text(): SyncReader<LooseEvent, string> {
    return this.#hub.reader({
      select: textDelta,
      past: () => new TextBacklog(this.#state.pastText()),
    });
  }

  /** Reads what is left, for the finished message. */
  complete(): LooseMessage {
    this.#hub.complete();
    return this.#state.snapshot as LooseMessage;
  }

  /** Waits for the response headers. */
  connect(): ResponseHead {
    const { head } = this.#state;
    if (head !== undefined) return head;
    if (this.#hub.ending?.error !== undefined) throw this.#hub.ending.error;
    try {
      return this.#request.connect();
    } catch (error) {
      // What failed here has failed for readers too.
      this.fail(this.#state.known(error));
      throw this.#hub.ending?.error;
    }
  }

  /** Ends the flow, unless it has ended. */
  fail(error: AnthropicError): void {
    if (this.#hub.ending === undefined) this.#state.keepHeld();
    this.#hub.end(this.#state.known(error));
  }
}
