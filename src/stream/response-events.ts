import { eventError } from '../error-body.js';
import { APIConnectionError, type APITimeoutError, StreamTruncatedError } from '../errors.js';
import type { UntypedDelta, UntypedEvent } from '../message/untyped.js';
import { Queue } from '../pull/backlog.js';
import { PENDING, type Poll, type Wake } from '../pull/poll.js';
import { SseDecoder } from '../sse/decoder.js';
import type { Attempt } from '../transport/body-text.js';
import { connectionError } from '../transport/connection-error.js';
import type { WaitPhase } from '../transport/deadline.js';
import type { TransportResponse } from '../transport/port.js';
import { type SizeLimits, tooLarge } from '../transport/size-limits.js';
import { EventTranslator } from './event-translator.js';
import { ExpectedSilence, isProgress } from './expected-silence.js';
import { type ReadError, readOtherBody } from './json-body.js';
import { OtherBody } from './other-body.js';
import { END_MARK, nextDelta, parseDelta, parseEvent } from './parse-event.js';
import { fromWireRestart } from './restart.js';
import type { Next } from './source.js';

/** How the events of a response are read. */
export interface ReadOptions {
  /** As they are: they are not normalized. */
  isRaw?: boolean;
  /** `toResponse()` made them: they contain restarts. */
  isRelayed?: boolean;
  /** Makes the error of an `error` event. */
  readError?: ReadError;
  /** How many bytes of the message arrived in other responses. */
  received?: number;
  /** What is waited for. Default: `idle`. */
  phase?: WaitPhase;
}

/**
 * The raw events in the body of one response, as the API would write them, and how the stream ends.
 *
 * It is complete with `message_stop`. After a `message_delta` with a stop reason it is also complete when
 * the body ends or breaks, or some seconds after the last event that carried content or usage: then a
 * `message_stop` is added. `[DONE]` is an end like that of the body. Every
 * other end is an error, after the events before it.
 */
export class ResponseEvents {
  readonly #response: TransportResponse;
  readonly #attempt: Attempt;
  readonly #decoder: SseDecoder;
  readonly #options: ReadOptions;
  readonly #readError: ReadError;
  readonly #limits: SizeLimits;
  /** So many code units are within the limit, whatever they are. */
  readonly #surelyFit: number;
  /** The length of the data of all events that are kept, or may be. */
  #units = 0;
  /** The body as long as it contains no event. */
  #other: OtherBody | undefined;
  /** Events that are no longer in the decoder. */
  readonly #ready = new Queue<UntypedEvent>();
  readonly #translator: EventTranslator;
  /** What follows them. */
  #failure: { error: unknown } | undefined;
  #bodyEnded = false;
  /** The id before an event that was cut. */
  #idBeforeHalf: string | undefined;
  #isStarted = false;
  #stopReason = false;
  readonly #silence = new ExpectedSilence();
  #isComplete = false;
  /** The number of the wait for bytes. */
  #wait = 0;
  #wake: Wake | undefined;

  constructor(
    response: TransportResponse,
    attempt: Attempt,
    limits: SizeLimits,
    options: ReadOptions = {},
  ) {
    this.#response = response;
    this.#attempt = attempt;
    this.#options = options;
    this.#readError = options.readError ?? eventError;
    this.#limits = limits;
    // A code unit is three bytes at most.
    this.#surelyFit = (limits.maxMessageBytes - (options.received ?? 0)) / 3;
    this.#translator = new EventTranslator(this.#ready, attempt.deadline);
    this.#decoder = new SseDecoder(limits.maxEventBytes);
    this.#other = new OtherBody(limits);
  }

  /** How many bytes of events were received. Pings don't count: nothing of them is kept. */
  get bytes(): number {
    return this.#units + this.#decoder.bytesBeyondUnits;
  }

  /** The id of the last event that was taken in; '' for none. */
  get lastEventId(): string {
    return this.#idBeforeHalf ?? this.#decoder.lastEventId;
  }

  /** How long the server asks to wait before a new connection, in milliseconds. */
  get retry(): number | undefined {
    return this.#decoder.retry;
  }

  /** The next event; undefined when the message is complete. One question at a time. */
  next(wake: Wake): Poll<Next> {
    // A store into an old object costs more than the look.
    if (this.#wake !== wake) this.#wake = wake;
    for (;;) {
      if (this.#ready.length > 0) return this.#ready.shift();
      if (this.#failure !== undefined) throw this.#failure.error;
      if (this.#isComplete && !this.#translator.isWaiting) return undefined;
      try {
        const event = this.#translator.isWaiting ? this.#translator.resume(wake) : this.#step();
        if (event !== undefined) return event;
      } catch (error) {
        this.#failure = { error };
        if (!this.#options.isRaw) this.#translator.end();
      }
    }
  }

  /** Takes in what is next. @returns an event; undefined where it is among those that are ready, or none. */
  #step(): Poll<UntypedEvent | undefined> {
    const next = nextDelta(this.#decoder, this.#count);
    if (next !== undefined) return this.#delta(next);
    const sent = this.#decoder.next();
    if (sent !== undefined) {
      this.#other = undefined;
      const { length } = sent.data;
      const delta = parseDelta(sent);
      if (delta === undefined) return this.#take(parseEvent(sent), length);
      this.#count(length);
      return this.#delta(delta);
    }
    if (this.#bodyEnded) return this.#end();
    const chunk = this.#read();
    if (chunk === PENDING) return PENDING;
    if (chunk === null) return this.#last();
    this.#other?.push(chunk);
    this.#decoder.push(chunk);
    return undefined;
  }

  /** A delta of one string, which nearly all events are. */
  #delta(event: UntypedEvent): UntypedEvent | undefined {
    this.#other = undefined;
    this.#attempt.deadline.progress();
    const { type } = event.delta as UntypedDelta;
    const isPlain = this.#options.isRaw || this.#translator.isPlain(event.index, type);
    return isPlain ? event : this.#translated(event);
  }

  #read(): Poll<Uint8Array | null> {
    const { deadline, signal, url } = this.#attempt;
    const phase = this.#stopReason ? 'finish' : (this.#options.phase ?? 'idle');
    try {
      const read = this.#response.body.read(this.#arrived);
      if (read === PENDING) {
        this.#wait = deadline.start(phase, this.#expired);
        return PENDING;
      }
      const expired = deadline.check(phase);
      // What is here still comes before it.
      if (expired !== undefined) this.#response.body.cancel(expired);
      return read;
    } catch (thrown) {
      const error = connectionError(thrown, { signal, url });
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

  readonly #count = (length: number): void => {
    this.#units += length;
    if (this.#units > this.#surelyFit) this.#checkBytes();
  };

  #checkBytes(): void {
    const { received = 0 } = this.#options;
    const isTooLarge = received + this.bytes > this.#limits.maxMessageBytes;
    if (isTooLarge) throw tooLarge('message', this.#limits);
  }

  /** What the end of the body adds: an event without its blank line, or a body of another kind. */
  #last(): UntypedEvent | undefined {
    this.#bodyEnded = true;
    const { lastEventId } = this.#decoder;
    const sent = this.#decoder.end();
    if (sent === undefined) {
      if (this.#other !== undefined) this.#takeBody(this.#other.text());
      return undefined;
    }
    let event: UntypedEvent;
    try {
      event = parseEvent(sent);
    } catch {
      // Half an event isn't a protocol error: the stream was cut here.
      this.#idBeforeHalf = lastEventId;
      return undefined;
    }
    // Cut before its data, any event looks like one.
    if (event.type === 'ping') this.#idBeforeHalf = lastEventId;
    return this.#take(event);
  }

  /** Any event that isn't plain. */
  #take(event: UntypedEvent, length = 0): UntypedEvent | undefined {
    if (event === END_MARK) return this.#end();
    if (event.type !== 'ping') this.#count(length);
    if (event.type !== 'message' || this.#isStarted) return this.#takePart(event);
    this.#takeWhole(event, () => [event]);
    return undefined;
  }

  /** A body of another kind. */
  #takeBody(text: string): void {
    const { head } = this.#response;
    const { body, error } = readOtherBody(text, head, this.#readError);
    this.#takeWhole(body, () => {
      throw error;
    });
  }

  /** Servers that don't stream may send the whole message as one event, or as JSON. @param other for what is none. */
  #takeWhole(message: unknown, other: () => UntypedEvent[]): void {
    this.#translator.split(message, (events = other()) => {
      for (const part of events) {
        const event = this.#takePart(part);
        if (event !== undefined) this.#ready.push(event);
      }
    });
  }

  #takePart(event: UntypedEvent): UntypedEvent | undefined {
    this.#isStarted ||= event.type === 'message_start';
    this.#progress(event);
    if (event.type === 'error') {
      throw this.#readError(event, this.#response.head.headers(), this.#response.head.status);
    }
    if (event.type === 'message_delta') {
      const { stop_reason } = (event.delta ?? {}) as { stop_reason?: unknown };
      this.#stopReason ||= typeof stop_reason === 'string' && stop_reason !== '';
    }
    if (event.type === 'message_stop') this.#complete();
    return this.#translated(event);
  }

  /** @returns the event, where it is not translated. */
  #translated(sent: UntypedEvent): UntypedEvent | undefined {
    const event = this.#options.isRelayed ? fromWireRestart(sent) : sent;
    if (this.#options.isRaw) return event;
    this.#translator.add(event);
    return undefined;
  }

  #progress(event: UntypedEvent): void {
    if (!isProgress(event, this.#stopReason)) return;
    const { deadline } = this.#attempt;
    deadline.progress();
    deadline.expectSilence(this.#silence.after(event));
  }

  #complete(): void {
    this.#response.body.finish();
    this.#isComplete = true;
    this.#attempt.deadline.clear();
  }

  #end(): UntypedEvent | undefined {
    if (!this.#stopReason) {
      throw new StreamTruncatedError('the stream ended before its message did');
    }
    this.#complete();
    return this.#translated(MESSAGE_STOP);
  }
}

const MESSAGE_STOP: UntypedEvent = Object.freeze({ type: 'message_stop' });
