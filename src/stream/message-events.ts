import { eventError } from '../error-body.js';
import { type APITimeoutError, StreamTruncatedError } from '../errors.js';
import type { LooseEvent } from '../message/loose.js';
import { SseDecoder } from '../sse/decoder.js';
import type { Attempt } from '../transport/attempts.js';
import { LATER, type MaybeLater, type Waiting } from '../transport/later.js';
import type { TransportResponse } from '../transport/port.js';
import { connectionError } from '../transport/send.js';
import { eventsOfOtherBody } from './json-body.js';
import { nextOf } from './next-of.js';
import { parseEvent } from './parse-event.js';
import type { Next } from './source.js';

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
  #waiting: Waiting<Next> | undefined;

  constructor(response: TransportResponse, attempt: Attempt, maxEventBytes: number) {
    this.#response = response;
    this.#attempt = attempt;
    this.#decoder = new SseDecoder(maxEventBytes);
  }

  /** The next event, undefined when the message is complete. One call at a time. */
  next(waiting: Waiting<Next>): MaybeLater<Next> {
    this.#waiting = waiting;
    return this.#advance();
  }

  /** The next event where its bytes are at hand. Else `arrived` goes on when there are more. */
  #advance(): MaybeLater<Next> {
    for (;;) {
      if (this.#complete) return undefined;
      const event = this.#ready?.shift() ?? this.#decode();
      if (event !== undefined) return this.#checked(event);
      if (this.#bodyEnded) return this.#end();
      const read = this.#read();
      if (read === LATER) return LATER;
      this.#take(read);
    }
  }

  #read(): MaybeLater<Uint8Array | null> {
    const { deadline, signal } = this.#attempt;
    try {
      const read = this.#response.body.read(this);
      if (read === LATER) this.#wait = deadline.start('idle', this.#expired);
      return read;
    } catch (error) {
      throw connectionError(error, 'idle', signal);
    }
  }

  /** @internal The bytes that were waited for. */
  arrived(chunk: Uint8Array | null): void {
    this.#attempt.deadline.stop(this.#wait);
    let event: MaybeLater<Next>;
    try {
      this.#take(chunk);
      event = this.#advance();
    } catch (error) {
      this.#waiting?.failed(error);
      return;
    }
    if (event !== LATER) this.#waiting?.arrived(event);
  }

  /** @internal The connection, in their place. */
  failed(error: unknown): void {
    this.#attempt.deadline.stop(this.#wait);
    this.#waiting?.failed(connectionError(error, 'idle', this.#attempt.signal));
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
