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
import type { ServerSentEvent } from '../sse/decoder.js';
import { END_MARK, parseEventWith } from '../stream/parse-event.js';
import { thrownText } from '../thrown.js';
import { LONGEST_TIMER_MS } from '../transport/clock.js';
import type { AnyMessage } from '../wire/beta.js';
import type { MessageStreamEvent } from '../wire/events.js';
import type { Message } from '../wire/message.js';
import { decoder } from './decoder.js';
import { apply, hasStopReason, type MessageSoFar, snapshotOf } from './message-so-far.js';

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
  const message: MessageSoFar = { parts: [] };
  const response = received instanceof ReadableStream ? new Response(received) : received;
  const events = eventsIn(response, message, waiter(timeout, signal));
  return Object.defineProperty(events, 'currentMessageSnapshot', {
    get: () => snapshotOf(message),
  }) as unknown as MessageReader<M>;
}

/** How long the end of a message may take after its stop reason, while nothing of it arrives. */
const FINISH_MS = 5_000;

async function* eventsIn(
  response: Response,
  message: MessageSoFar,
  wait: Wait,
): AsyncGenerator<UntypedEvent, unknown, undefined> {
  const push = decoder();
  let reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  /** When the message must be complete, once it has its stop reason. */
  let finishBy = Infinity;
  try {
    if (!response.ok) throw await refusal(response, wait);
    reader = response.body?.getReader();
    for (;;) {
      const chunk = reader && (await nextChunk(reader, message, wait, finishBy));
      for (const raw of rawEvents(push(chunk), chunk === undefined, response, message)) {
        yield* apply(message, raw);
        if (raw.type === 'message_stop') return snapshotOf(message);
        const isFinishing = hasStopReason(message) && raw.type !== 'ping';
        if (isFinishing) finishBy = performance.now() + FINISH_MS;
      }
    }
  } catch (error) {
    throw addContext(asAnthropicError(error), {
      requestId: response.headers.get('request-id') ?? undefined,
      partialMessage: snapshotOf(message) as Message | undefined,
    });
  } finally {
    // It rejects for a body that has failed.
    reader?.cancel().catch(() => {});
  }
}

/** The raw events in what was decoded, and at the end of the body the one that it means. */
function* rawEvents(
  sent: readonly ServerSentEvent[],
  isEnd: boolean,
  { headers, status }: Response,
  message: MessageSoFar,
): Generator<UntypedEvent> {
  let isOver = isEnd;
  for (const one of sent) {
    let event: UntypedEvent;
    try {
      event = parseEventWith(JSON.parse, one);
    } catch (error) {
      // Half an event at the end: the stream was cut here.
      if (isOver) break;
      throw error;
    }
    isOver ||= event === END_MARK;
    if (event === END_MARK) break;
    if (event.type === 'error') throw fromRelayedBody(event, headers, status);
    yield event;
  }
  if (isOver) yield lastEvent(headers, message);
}

function lastEvent(headers: Headers, message: MessageSoFar): UntypedEvent {
  if (hasStopReason(message)) return { type: 'message_stop' };
  const type = headers.get('content-type') ?? 'text/event-stream';
  throw message.message === undefined && !type.includes('event-stream')
    ? new StreamProtocolError(`the body is ${type}, not an event stream`)
    : new StreamTruncatedError('the stream ended before its message did');
}

/** The next bytes; undefined at the end of the body. */
async function nextChunk(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  message: MessageSoFar,
  wait: Wait,
  by: number,
): Promise<Uint8Array | undefined> {
  try {
    return (await wait(reader.read(), by)).value;
  } catch (cause) {
    const error =
      cause instanceof AnthropicError
        ? cause
        : new APIConnectionError(`the connection broke: ${thrownText(cause)}`, { cause });
    // Nothing is missing but the last event.
    if (hasStopReason(message) && error instanceof APIConnectionError) return undefined;
    throw error;
  }
}

/** The error for an HTTP status. */
async function refusal(response: Response, wait: Wait): Promise<AnthropicError> {
  let body: unknown = await wait(response.text());
  try {
    body = JSON.parse(body as string);
  } catch {
    // A page of a proxy.
  }
  return statusError(response.status, body, response.headers);
}

/** Settles as the promise does, unless the time is over or the signal fires. @param by the end of the time. */
type Wait = <T>(promise: Promise<T>, by?: number) => Promise<T>;

const waiter =
  (timeout: number, signal: AbortSignal | undefined): Wait =>
  (promise, by = Infinity) =>
    new Promise((resolve, reject) => {
      const abort = (): void => reject(new APIUserAbortError(undefined, { cause: signal?.reason }));
      if (signal?.aborted) abort();
      const ms = Math.min(timeout, by - performance.now(), LONGEST_TIMER_MS);
      const timer = setTimeout(() => {
        reject(new APITimeoutError(`no bytes within ${timeout / 1_000} s`, 'idle'));
      }, ms);
      signal?.addEventListener('abort', abort);
      promise.then(resolve, reject).finally(() => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', abort);
      });
    });
