import { eventError } from '../error-body.js';
import {
  APIConnectionError,
  type APITimeoutError,
  StreamProtocolError,
  StreamTruncatedError,
} from '../errors.js';
import type { UntypedEvent } from '../message/untyped.js';
import { Queue } from '../pull/backlog.js';
import { PENDING, type Poll, type Wake } from '../pull/poll.js';
import { type ServerSentEvent, SseDecoder } from '../sse/decoder.js';
import { EventTooLargeError } from '../sse/size-limit.js';
import type { Attempt } from '../transport/body-text.js';
import { connectionError } from '../transport/connection-error.js';
import type { TransportResponse } from '../transport/port.js';
import { type SizeLimits, tooLarge } from '../transport/size-limits.js';
import { ExpectedSilence } from './expected-silence.js';
import { eventsOfOtherBody, type ReadError } from './json-body.js';
import { OtherBody } from './other-body.js';
import { parseEvent } from './parse-event.js';
import type { Next } from './source.js';

/**
 * The raw events in the body of one response, and how the stream ends.
 *
 * It is complete with `message_stop`. After a `message_delta` with a stop reason it is also complete when
 * the body ends or breaks, or some seconds after the last event that carried content or usage: then a
 * `message_stop` is added. Every other end is an error, after the events before it.
 */
export class ResponseEvents {
  readonly #response: TransportResponse;
  readonly #attempt: Attempt;
  readonly #decoder: SseDecoder;
  readonly #readError: ReadError;
  readonly #limits: SizeLimits;
  readonly #receivedBefore: number;
  /** So many code units are within the limit, whatever they are. */
  readonly #surelyFit: number;
  /** The length of the data of all events that are kept, or may be. */
  #units = 0;
  /** The body as long as it contains no event. */
  #other: OtherBody | undefined;
  /** Events that are not in the decoder. */
  #ready: Queue<UntypedEvent> | undefined;
  #bodyEnded = false;
  #stopReason = false;
  readonly #silence = new ExpectedSilence();
  #isComplete = false;
  /** The number of the wait for bytes. */
  #wait = 0;
  #wake: Wake | undefined;

  /**
   * @param readError makes the error of an `error` event.
   * @param received how many bytes of the message arrived in other responses.
   */
  constructor(
    response: TransportResponse,
    attempt: Attempt,
    limits: SizeLimits,
    readError: ReadError = eventError,
    received = 0,
  ) {
    this.#response = response;
    this.#attempt = attempt;
    this.#readError = readError;
    this.#limits = limits;
    this.#receivedBefore = received;
    // A code unit is three bytes at most.
    this.#surelyFit = (limits.maxMessageBytes - received) / 3;
    this.#decoder = new SseDecoder(limits.maxEventBytes);
    this.#other = new OtherBody(limits);
  }

  /** How many bytes of events were received. Pings don't count: nothing of them is kept. */
  get bytes(): number {
    return this.#units + this.#decoder.bytesBeyondUnits;
  }

  /** The next event; undefined when the message is complete. One question at a time. */
  next(wake: Wake): Poll<Next> {
    this.#wake = wake;
    for (;;) {
      if (this.#isComplete) return undefined;
      const event = this.#ready?.shift() ?? this.#decode();
      if (event !== undefined) return this.#checked(event);
      if (this.#bodyEnded) return this.#end();
      const read = this.#read();
      if (read === PENDING) return PENDING;
      this.#take(read);
    }
  }

  #read(): Poll<Uint8Array | null> {
    const { deadline, signal, url } = this.#attempt;
    const phase = this.#stopReason ? 'finish' : 'idle';
    try {
      const expired = deadline.check(phase);
      // What is here still comes before it.
      if (expired !== undefined) this.#response.body.cancel(expired);
      const read = this.#response.body.read(this.#arrived);
      if (read === PENDING) this.#wait = deadline.start(phase, this.#expired);
      return read;
    } catch (thrown) {
      const error = connectionError(thrown, { phase: 'idle', signal, url });
      this.#response.body.cancel(error);
      // Nothing is missing but the last event. A timeout is an APIConnectionError too.
      if (this.#stopReason && error instanceof APIConnectionError) return null;
      throw error;
    }
  }

  /** More of the body has arrived: the clock stops now, even where no one asks again. */
  readonly #arrived = (): void => {
    this.#attempt.deadline.stop(this.#wait);
    this.#wake?.();
  };

  // A pending read fails with it, even where a custom `fetch` ignores its signal.
  readonly #expired = (error: APITimeoutError): void => this.#response.body.cancel(error);

  #take(chunk: Uint8Array | null): void {
    if (chunk === null) {
      this.#bodyEnded = true;
      this.#ready = new Queue();
      for (const event of this.#last()) this.#ready.push(event);
      return;
    }
    this.#other?.push(chunk);
    this.#decoder.push(chunk);
  }

  #decode(): UntypedEvent | undefined {
    const event = nextEvent(this.#decoder);
    if (event === undefined) return undefined;
    this.#other = undefined;
    return this.#parsed(event);
  }

  #parsed(sent: ServerSentEvent): UntypedEvent {
    const event = parseEvent(sent);
    if (event.type === 'ping') return event;
    this.#units += sent.data.length;
    if (this.#units > this.#surelyFit) this.#checkBytes();
    return event;
  }

  #checkBytes(): void {
    const isTooLarge = this.#receivedBefore + this.bytes > this.#limits.maxMessageBytes;
    if (isTooLarge) throw tooLarge('message', this.#limits);
  }

  /** What the end of the body adds: an event without its blank line, or a body of another kind. */
  #last(): UntypedEvent[] {
    const event = this.#decoder.end();
    if (event === undefined) {
      return this.#other === undefined
        ? []
        : eventsOfOtherBody(this.#other.text(), this.#response.head, this.#readError);
    }
    try {
      return [parseEvent(event)];
    } catch {
      // Half an event isn't a protocol error: the stream was cut here.
      return [];
    }
  }

  #checked(event: UntypedEvent): UntypedEvent {
    if (event.type === 'content_block_delta') {
      this.#attempt.deadline.progress();
      return event;
    }
    this.#progress(event);
    if (event.type === 'error')
      throw this.#readError(event, this.#response.head.headers(), this.#response.head.status);
    if (event.type === 'message_delta') {
      this.#stopReason ||=
        typeof (event.delta as { stop_reason?: unknown })?.stop_reason === 'string';
    }
    if (event.type === 'message_stop') {
      this.#response.body.finish();
      this.#complete();
    }
    return event;
  }

  /** Pings are no progress; after the stop reason only content and usage are. */
  #progress(event: UntypedEvent): void {
    const { deadline } = this.#attempt;
    const isProgress = this.#stopReason
      ? PROGRESS_AFTER_STOP_REASON.has(event.type)
      : event.type !== 'ping';
    if (!isProgress) return;
    deadline.progress();
    deadline.expectSilence(this.#silence.after(event));
  }

  #complete(): void {
    this.#isComplete = true;
    this.#attempt.deadline.clear();
  }

  #end(): UntypedEvent {
    if (!this.#stopReason) {
      throw new StreamTruncatedError('the stream ended before its message did');
    }
    this.#complete();
    return MESSAGE_STOP;
  }
}

/**
 * The decoder's next event.
 * @throws StreamProtocolError where it is over the limit.
 */
function nextEvent(decoder: SseDecoder): ServerSentEvent | undefined {
  try {
    return decoder.next();
  } catch (error) {
    if (!(error instanceof EventTooLargeError)) throw error;
    throw new StreamProtocolError(error.message, { cause: error });
  }
}

/**
 * All events that a chunk ends; without a chunk what is left at the end.
 * @throws StreamProtocolError where one is over the limit.
 */
export function* eventsOf(decoder: SseDecoder, chunk?: Uint8Array): Generator<ServerSentEvent> {
  if (chunk !== undefined) decoder.push(chunk);
  for (let event = nextEvent(decoder); event !== undefined; event = nextEvent(decoder)) yield event;
  const last = chunk === undefined ? decoder.end() : undefined;
  if (last !== undefined) yield last;
}

const PROGRESS_AFTER_STOP_REASON: ReadonlySet<string> = /* @__PURE__ */ new Set([
  'content_block_start',
  'content_block_stop',
  'message_delta',
]);

const MESSAGE_STOP: UntypedEvent = Object.freeze({ type: 'message_stop' });
