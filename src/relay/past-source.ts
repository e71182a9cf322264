import { type AnthropicError, ProducerLostError } from '../errors.js';
import type { UntypedEvent } from '../message/untyped.js';
import type { Poll } from '../pull/poll.js';
import { fromWireRestart } from '../stream/restart.js';
import type { EventSource, Next } from '../stream/source.js';
import type { ResponseHead } from '../transport/port.js';
import type { Entry } from './engine.js';
import { isEvent } from './payloads.js';
import { headOf } from './response-head.js';

/** What a producer that is gone has left, followed by the failure that a recovery continues from. */
export class PastSource implements EventSource {
  readonly #events: UntypedEvent[];
  #index = 0;
  #isPast = true;

  constructor(entries: readonly Entry[]) {
    this.#events = entries
      .filter(isEvent)
      .map(({ payload }) => fromWireRestart(JSON.parse(payload) as UntypedEvent));
  }

  get isEmpty(): boolean {
    return this.#events.length === 0;
  }

  /** Whether what is read is in the log already. */
  get isPast(): boolean {
    return this.#isPast;
  }

  connect(): Poll<ResponseHead> {
    return headOf([]);
  }

  next(): Poll<Next> {
    const event = this.#events[this.#index++];
    if (event !== undefined) return event;
    this.#isPast = false;
    throw lostError();
  }

  cancel(_reason: AnthropicError): void {}
}

/** @param cause why no other process goes on with it. */
export function lostError(cause?: AnthropicError): ProducerLostError {
  const gone = 'the process that produced the stream is gone';
  if (cause === undefined) return new ProducerLostError(gone);
  return new ProducerLostError(`${gone}, and it was not resumed: ${cause.reason}`, { cause });
}
