import { eventError } from '../error-body.js';
import { type APITimeoutError, StreamTruncatedError } from '../errors.js';
import type { LooseEvent } from '../message/loose.js';
import { SseDecoder } from '../sse/decoder.js';
import type { Attempt } from '../transport/attempts.js';
import type { TransportResponse } from '../transport/port.js';
import { connectionError } from '../transport/send.js';
import {
  isLater,
  type Later,
  type MaybeLater,
  Soon,
  tell,
  type Waiting,
} from '../transport/soon.js';
import { eventsOfOtherBody } from './json-body.js';
import { nextOf } from './next-of.js';
import { parseEvent } from './parse-event.js';

/** More bytes are awaited. */
const PENDING: unique symbol = Symbol('pending');

/**
 * The raw events in the body of one response, and how that stream ends.
 *
 * It is complete with `message_stop`, or with a clean end of the body after a `message_delta` that
 * gave a stop reason. Every other end is an error, after the events that came before it.
 */
export class MessageEvents implements Waiting<Uint8Array | null> {
  readonly #response: TransportResponse;
  readonly #attempt: Attempt;
  readonly #decoder: SseDecoder;
  /** The body as long as no event was in it. */
  #other: Uint8Array[] | undefined = [];
  /** Events that are there without being in the decoder. */
  #ready: LooseEvent[] | undefined;
  #bodyEnded = false;
  #stopReason = false;
  #complete = false;
  /** The number of the wait for bytes. */
  #wait = 0;
  readonly #soon = new Soon<LooseEvent | undefined>();

  constructor(response: TransportResponse, attempt: Attempt, maxEventBytes: number) {
    this.#response = response;
    this.#attempt = attempt;
    this.#decoder = new SseDecoder(maxEventBytes);
  }

  /** The next event, undefined when the message is complete. One call at a time. */
  next(): MaybeLater<LooseEvent | undefined> {
    const event = this.#advance();
    return event === PENDING ? this.#soon : event;
  }

  /** The next event where its bytes are at hand. Else `arrived` goes on when there are more. */
  #advance(): LooseEvent | undefined | typeof PENDING {
    for (;;) {
      if (this.#complete) return undefined;
      const event = this.#ready?.shift() ?? this.#decode();
      if (event !== undefined) return this.#checked(event);
      if (this.#bodyEnded) return this.#end();
      const read = this.#response.body.read();
      if (isLater(read)) return this.#await(read);
      this.#take(read);
    }
  }

  #await(read: Later<Uint8Array | null>): typeof PENDING {
    this.#wait = this.#attempt.deadline.start('idle', this.#expired);
    tell(read, this);
    return PENDING;
  }

  /** @internal The bytes that were waited for. */
  arrived(chunk: Uint8Array | null): void {
    this.#attempt.deadline.stop(this.#wait);
    let event: LooseEvent | undefined | typeof PENDING;
    try {
      this.#take(chunk);
      event = this.#advance();
    } catch (error) {
      this.#soon.reject(error);
      return;
    }
    if (event !== PENDING) this.#soon.resolve(event);
  }

  /** @internal The connection, in their place. */
  failed(error: unknown): void {
    this.#attempt.deadline.stop(this.#wait);
    this.#soon.reject(connectionError(error, 'idle', this.#attempt.signal));
  }

  // The read that waits fails with it, even where a `fetch` of the user's heeds no signal.
  readonly #expired = (error: APITimeoutError): void => this.#response.body.cancel(error);

  #take(chunk: Uint8Array | null): void {
    if (chunk === null) {
      this.#bodyEnded = true;
      this.#ready = this.#last();
      return;
    }
    this.#other?.push(chunk);
    this.#decoder.push(chunk);
  }

  #decode(): LooseEvent | undefined {
    const event = nextOf(this.#decoder);
    if (event === undefined) return undefined;
    this.#other = undefined;
    return parseEvent(event);
  }

  /** What the end of the body brings: an event without its blank line, or a body of another kind. */
  #last(): LooseEvent[] {
    const event = this.#decoder.end();
    if (event === undefined) {
      return this.#other === undefined
        ? []
        : eventsOfOtherBody(text(this.#other), this.#response.head);
    }
    try {
      return [parseEvent(event)];
    } catch {
      // Half an event is no broken protocol, it is the place where the stream was cut.
      return [];
    }
  }

  #checked(event: LooseEvent): LooseEvent {
    if (event.type !== 'ping') this.#attempt.deadline.progress();
    if (event.type === 'content_block_delta') return event;
    if (event.type === 'error') throw eventError(event, this.#response.head.headers());
    if (event.type === 'message_delta') {
      this.#stopReason ||=
        typeof (event.delta as { stop_reason?: unknown })?.stop_reason === 'string';
    }
    if (event.type === 'message_stop') {
      this.#response.body.finish();
      this.#completed();
    }
    return event;
  }

  #completed(): undefined {
    this.#complete = true;
    this.#attempt.deadline.clear();
  }

  #end(): undefined {
    if (!this.#stopReason)
      throw new StreamTruncatedError('the stream ended before its message did');
    return this.#completed();
  }
}

function text(chunks: readonly Uint8Array[]): string {
  const utf8 = new TextDecoder();
  return chunks.map((chunk) => utf8.decode(chunk, { stream: true })).join('') + utf8.decode();
}
