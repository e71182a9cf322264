import { type AnthropicError, StreamProtocolError, StreamTruncatedError } from '../errors.js';
import { PENDING, type Poll, toPromise, type Wake } from '../pull/poll.js';
import { fromRelayedBody } from '../relayed-error.js';
import { saidError } from '../said-error.js';
import { type ServerSentEvent, SseDecoder } from '../sse/decoder.js';
import type { FollowSource } from '../stream/follow/follow-source.js';
import type { ConnectionEvents, OpenConnection } from '../stream/follow/followed.js';
import { readOtherBody } from '../stream/json-body.js';
import { OtherBody } from '../stream/other-body.js';
import type { ReceivedOptions } from '../stream/received-source.js';
import type { Attempt } from '../transport/body-text.js';
import { connectionError } from '../transport/connection-error.js';
import { endOnAbort } from '../transport/on-abort.js';
import type { TransportResponse } from '../transport/port.js';
import { sizeLimits } from '../transport/size-limits.js';
import type { RunSource } from './run-source.js';
import { MAX_TURNS, RUN_END, RUN_START } from './run-wire.js';

type RunEvent = ServerSentEvent | null;

/**
 * The events of a run over any number of connections. Resolves with the first one.
 * @param Source is loaded by itself: `MessageStream.follow` shares it.
 * @throws AnthropicError (rejects) where it is refused, there is none for too long, or the signal fires.
 */
export async function followRun(
  Source: typeof FollowSource,
  open: OpenConnection,
  options: ReceivedOptions,
  signal: AbortSignal,
): Promise<RunSource> {
  const state: RunState = { isRun: false, isWaiting: true, isOver: false };
  const source = new Source<RunEvent>(
    open,
    options,
    {
      method: 'RunStream.follow',
      read: (response, attempt) => new RunConnection(response, attempt, options, state),
      isLast: () => state.isOver,
    },
    { onTry: () => {}, onHead: () => {}, onRetry: () => {} },
  );
  const head = await untilAborted(
    toPromise((wake) => source.connect(wake)),
    signal,
    source,
  );
  return {
    head,
    next: heldBack((wake) => (state.isOver ? null : source.next(wake))),
    takeOther: () => null,
    cancel: (reason) => source.cancel(reason as AnthropicError),
    finish: () => {},
  };
}

/** What is open may ignore that it is cancelled. */
async function untilAborted<T>(
  promise: Promise<T>,
  signal: AbortSignal,
  source: FollowSource<RunEvent>,
): Promise<T> {
  let stop = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = endOnAbort([signal], (error) => {
      source.cancel(error);
      reject(error);
    });
  });
  return Promise.race([promise, aborted]).finally(stop);
}

/** What is known of a run, over all connections. */
interface RunState {
  /** It is no plain message, which ends with `message_stop`. */
  isRun: boolean;
  /** Between two turns, where tools run and people are asked. */
  isWaiting: boolean;
  isOver: boolean;
}

/** The events that one connection brings. */
class RunConnection implements ConnectionEvents<RunEvent> {
  readonly #response: TransportResponse;
  readonly #attempt: Attempt;
  readonly #state: RunState;
  readonly #decoder: SseDecoder;
  /** The body as long as it contains no event. */
  #other: OtherBody | undefined;
  #failure: { error: unknown } | undefined;
  #wait = 0;
  readonly bytes = 0;

  constructor(
    response: TransportResponse,
    attempt: Attempt,
    options: ReceivedOptions,
    state: RunState,
  ) {
    const limits = sizeLimits(options);
    this.#response = response;
    this.#attempt = attempt;
    this.#state = state;
    this.#decoder = new SseDecoder(limits.maxEventBytes);
    this.#other = new OtherBody(limits);
  }

  get lastEventId(): string {
    return this.#decoder.lastEventId;
  }

  get retry(): number | undefined {
    return this.#decoder.retry;
  }

  get isWaiting(): boolean {
    return this.#state.isWaiting;
  }

  next(wake: Wake): Poll<RunEvent> {
    if (this.#failure !== undefined) throw this.#failure.error;
    try {
      for (;;) {
        const event = this.#decoder.next();
        if (event !== undefined) return this.#take(event);
        const chunk = this.#read(wake);
        if (chunk === PENDING) return PENDING;
        if (chunk === null) throw this.#cut();
        this.#other?.push(chunk);
        this.#decoder.push(chunk);
      }
    } catch (error) {
      this.#failure = { error };
      throw error;
    }
  }

  #take(event: ServerSentEvent): ServerSentEvent {
    const state = this.#state;
    const { deadline } = this.#attempt;
    this.#other = undefined;
    if (event.event !== 'ping') deadline.progress();
    state.isRun ||= event.event === RUN_START;
    if (event.event === 'message_start') state.isWaiting = false;
    if (event.event === 'message_stop') state.isWaiting = true;
    state.isOver = ENDS.has(event.event) || (event.event === 'message_stop' && !state.isRun);
    if (state.isOver) {
      deadline.clear();
      this.#response.body.finish();
    }
    return event;
  }

  #read(wake: Wake): Poll<Uint8Array | null> {
    const { deadline, signal } = this.#attempt;
    const { body } = this.#response;
    try {
      const arrived = (): void => {
        deadline.stop(this.#wait);
        wake();
      };
      const read = body.read(arrived);
      if (read === PENDING) {
        this.#wait = deadline.start('idle', (error) => body.cancel(error));
        return PENDING;
      }
      // A comment is a sign of life as well.
      if (this.#state.isWaiting) deadline.progress();
      const expired = deadline.check('idle');
      // What is here still comes before it.
      if (expired !== undefined) body.cancel(expired);
      return read;
    } catch (thrown) {
      throw connectionError(thrown, { signal });
    }
  }

  /** Half an event is dropped: the next connection brings the whole one. */
  #cut(): AnthropicError {
    if (this.#other === undefined)
      return new StreamTruncatedError('the response ended before the run did');
    const { head } = this.#response;
    const { body, error } = readOtherBody(this.#other.text(), head, fromRelayedBody);
    if (saidError(body) !== undefined) return error;
    return new StreamProtocolError('the body is a message as JSON, not an event stream');
  }
}

/** The last event of a run. */
const ENDS: ReadonlySet<string> = /* @__PURE__ */ new Set([RUN_END, MAX_TURNS, 'error']);

/**
 * Holds the stop reason of a turn back until the event after it: a stream whose end is this near waits for it for some
 * seconds only, and a lost connection may take longer.
 */
function heldBack(source: (wake: Wake) => Poll<RunEvent>): (wake: Wake) => Poll<RunEvent> {
  let held: RunEvent | undefined;
  let after: RunEvent | undefined;
  let failure: { error: unknown } | undefined;
  const ask = (wake: Wake): Poll<RunEvent> => {
    if (failure !== undefined) throw failure.error;
    try {
      return source(wake);
    } catch (error) {
      failure = { error };
      throw error;
    }
  };
  return (wake) => {
    if (held === undefined) {
      const event = after ?? ask(wake);
      after = undefined;
      if (event === PENDING || event?.event !== 'message_delta') return event;
      held = event;
    }
    const stopReason = held;
    try {
      const event = ask(wake);
      if (event === PENDING) return PENDING;
      after = event ?? undefined;
    } catch {
      // It is thrown by the next question.
    }
    held = undefined;
    return stopReason;
  };
}
