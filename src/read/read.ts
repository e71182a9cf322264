import { statusError } from '../error-body.js';
import {
  AnthropicError,
  APIConnectionError,
  APITimeoutError,
  APIUserAbortError,
  addContext,
  asAnthropicError,
  StreamProtocolError,
  StreamTruncatedError,
} from '../errors.js';
import type { UntypedEvent } from '../message/untyped.js';
import { fromRelayedBody } from '../relayed-error.js';
import { END_MARK, parseEvent } from '../stream/parse-event.js';
import { thrownText } from '../thrown.js';
import { LONGEST_TIMER_MS } from '../transport/clock.js';
import type { AnyMessage } from '../wire/beta.js';
import type { MessageStreamEvent } from '../wire/events.js';
import type { Message } from '../wire/message.js';
import { EventsIn } from './events-in.js';
import { MessageSoFar } from './message-so-far.js';

/** Options of `read`. */
export interface ReadOptions {
  /** Ends the reading with APIUserAbortError, whose `cause` is the signal's reason. */
  signal?: AbortSignal | undefined;
  /** The longest silence, in milliseconds; any byte ends it. Infinity for no limit. Default 180,000. */
  timeout?: number | undefined;
}

/** The events of one message, for one loop. */
export interface MessageReader<M extends AnyMessage = Message>
  extends AsyncGenerator<MessageStreamEvent<M>, M, undefined> {
  /**
   * The message so far; undefined before `message_start`. Never changed afterwards. The `input` of a tool
   * call is what it began with until the call is finished.
   */
  readonly currentMessageSnapshot: M | undefined;
}

/**
 * Reads the message in a response: one that `toResponse()` made, or one of the API. Leaving the loop cancels
 * the response. Returns the finished message.
 *
 * It ends complete, or throws what `MessageStream.from` throws, with `partialMessage`.
 * @throws AnthropicError
 */
export function read<M extends AnyMessage = Message>(
  received: Response | ReadableStream<Uint8Array>,
  { signal, timeout = 180_000 }: ReadOptions = {},
): MessageReader<M> {
  if (!(timeout > 0)) throw new AnthropicError('timeout must be above 0');
  const message = new MessageSoFar();
  const events = new Reading(received, message, signal, timeout).events();
  return Object.defineProperty(events, 'currentMessageSnapshot', {
    get: () => message.snapshot,
  }) as unknown as MessageReader<M>;
}

/** How long the end of a message may take after its stop reason, while nothing of it arrives. */
const FINISH_MS = 5_000;

class Reading {
  readonly #response: Response;
  readonly #message: MessageSoFar;
  readonly #signal: AbortSignal | undefined;
  readonly #timeout: number;
  readonly #decoder = new EventsIn();
  /** When the message must be complete, once it has its stop reason. */
  #finishBy = Infinity;

  constructor(
    received: Response | ReadableStream<Uint8Array>,
    message: MessageSoFar,
    signal: AbortSignal | undefined,
    timeout: number,
  ) {
    this.#response = received instanceof ReadableStream ? new Response(received) : received;
    this.#message = message;
    this.#signal = signal;
    this.#timeout = timeout;
  }

  async *events(): AsyncGenerator<UntypedEvent, unknown, undefined> {
    let reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
    try {
      if (!this.#response.ok) throw await this.#refusal();
      reader = this.#response.body?.getReader();
      for (;;) {
        const chunk = await this.#read(reader);
        for (const raw of this.#eventsIn(chunk)) {
          yield* this.#message.apply(raw);
          if (raw.type === 'message_stop') return this.#message.snapshot;
          const isFinishing = this.#message.hasStopReason && raw.type !== 'ping';
          if (isFinishing) this.#finishBy = performance.now() + FINISH_MS;
        }
      }
    } catch (error) {
      throw addContext(asAnthropicError(error), {
        requestId: this.#response.headers.get('request-id') ?? undefined,
        partialMessage: this.#message.snapshot as Message | undefined,
      });
    } finally {
      // It rejects for a body that has failed.
      reader?.cancel().catch(() => {});
    }
  }

  /** The raw events that a chunk ends; undefined is the end of the body. */
  *#eventsIn(chunk: Uint8Array | undefined): Generator<UntypedEvent> {
    let isOver = chunk === undefined;
    for (const sent of this.#decoder.push(chunk)) {
      let event: UntypedEvent;
      try {
        event = parseEvent(sent);
      } catch (error) {
        // Half an event at the end: the stream was cut here.
        if (isOver) break;
        throw error;
      }
      isOver ||= event === END_MARK;
      if (event === END_MARK) break;
      if (event.type === 'error') {
        throw fromRelayedBody(event, this.#response.headers, this.#response.status);
      }
      yield event;
    }
    if (isOver) yield this.#lastEvent();
  }

  #lastEvent(): UntypedEvent {
    if (this.#message.hasStopReason) return { type: 'message_stop' };
    const type = this.#response.headers.get('content-type') ?? 'text/event-stream';
    throw this.#message.snapshot === undefined && !type.includes('event-stream')
      ? new StreamProtocolError(`the body is ${type}, not an event stream`)
      : new StreamTruncatedError('the stream ended before its message did');
  }

  /** The next bytes; undefined at the end of the body. */
  async #read(
    reader: ReadableStreamDefaultReader<Uint8Array> | undefined,
  ): Promise<Uint8Array | undefined> {
    try {
      return reader && (await this.#wait(reader.read())).value;
    } catch (cause) {
      const error =
        cause instanceof AnthropicError
          ? cause
          : new APIConnectionError(`the connection broke: ${thrownText(cause)}`, { cause });
      // Nothing is missing but the last event.
      if (this.#message.hasStopReason && error instanceof APIConnectionError) return undefined;
      throw error;
    }
  }

  /** The error for an HTTP status. */
  async #refusal(): Promise<AnthropicError> {
    const { status, headers } = this.#response;
    let body: unknown = await this.#wait(this.#response.text());
    try {
      body = JSON.parse(body as string);
    } catch {
      // A page of a proxy.
    }
    return statusError(status, body, headers);
  }

  /** Settles as the promise does, unless the time is over or the signal fires. */
  #wait<T>(promise: Promise<T>): Promise<T> {
    const signal = this.#signal;
    return new Promise((resolve, reject) => {
      const abort = (): void => reject(new APIUserAbortError(undefined, { cause: signal?.reason }));
      if (signal?.aborted) abort();
      const ms = Math.min(this.#timeout, this.#finishBy - performance.now(), LONGEST_TIMER_MS);
      const timer = setTimeout(() => {
        const seconds = this.#timeout / 1_000;
        reject(new APITimeoutError(`no bytes within ${seconds} s`, 'idle'));
      }, ms);
      signal?.addEventListener('abort', abort);
      promise.then(resolve, reject).finally(() => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', abort);
      });
    });
  }
}
