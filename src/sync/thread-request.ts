import { type AnthropicError, APIUserAbortError } from '../errors.js';
import type { UntypedEvent } from '../message/untyped.js';
import { restartEvent } from '../stream/restart.js';
import type { EventSource, SourceOwner } from '../stream/source.js';
import type { StreamTrace } from '../trace/stream-trace.js';
import type { ApiRequest } from '../transport/options.js';
import type { ResponseHead } from '../transport/port.js';
import { unpack } from './delta-batch.js';
import type { Item, RestartItem, SendRequest, Step, WorkerMessage } from './protocol.js';
import { fromHeadData } from './serialize.js';
import { type ErrorData, fromErrorData } from './serialize-error.js';
import { runSignalHandlers } from './signals.js';
import { reportStep } from './steps.js';
import type { Thread } from './thread.js';

type Request = Omit<SendRequest, 'type' | 'id' | 'isTraced'>;

/**
 * One request that a worker sends, and its response. It goes out at the first need; every method that
 * needs a part of the response blocks until it is there, so it is never PENDING. Each throws an
 * Interruption where a signal handler throws meanwhile.
 */
export class ThreadRequest implements EventSource {
  readonly #thread: () => Thread;
  readonly #request: Request;
  /** Undefined where nothing listens. */
  readonly #trace: StreamTrace | undefined;
  /** Receives the steps before an event when the event is asked for. */
  readonly #owner: Partial<SourceOwner>;
  #sent: { thread: Thread; id: number } | undefined;
  #head: ResponseHead | undefined;
  #data: unknown;
  #items: Item[] = [];
  #at = 0;
  #batches = 0;
  #ending: { error: ErrorData | undefined } | undefined;

  constructor(
    thread: () => Thread,
    request: Request,
    trace: StreamTrace | undefined,
    owner: Partial<SourceOwner> = {},
  ) {
    this.#thread = thread;
    this.#trace = trace;
    this.#request = request;
    this.#owner = owner;
  }

  /** Of the latest response; undefined before it. */
  get head(): ResponseHead | undefined {
    return this.#head;
  }

  /** Waits for the response headers. */
  connect(): ResponseHead {
    this.#wait(() => this.#head !== undefined);
    this.#takeSteps();
    if (this.#head === undefined) throw this.#failure();
    return this.#head;
  }

  /** Waits for the JSON document. */
  json<T>(): { data: T; head: ResponseHead } {
    this.#wait(() => false);
    if (this.#ending?.error !== undefined) throw this.#failure();
    return { data: this.#data as T, head: this.#head as ResponseHead };
  }

  /** The next raw event; undefined when there are no more. */
  next(): UntypedEvent | undefined {
    for (;;) {
      // A reader that is slower than the server never waits.
      runSignalHandlers();
      this.#takeSteps();
      const event = this.#shift();
      if (event !== undefined) return toEvent(event as UntypedEvent | RestartItem);
      if (this.#ending?.error !== undefined) throw this.#failure();
      if (this.#ending !== undefined) return undefined;
      this.#read();
    }
  }

  /** Closes the connection: the rest is not wanted. */
  cancel(): void {
    this.#sent?.thread.close(this.#sent.id);
    this.#ending ??= { error: undefined };
    this.#items = [];
    this.#at = 0;
  }

  #read(): void {
    const { thread, id } = this.#send();
    const batches = this.#batches;
    const isMore = (): boolean => this.#batches > batches || this.#ending !== undefined;
    thread.take();
    if (isMore()) return;
    thread.post({ type: 'read', id, batches });
    thread.wait(isMore);
  }

  #wait(condition: () => boolean): void {
    runSignalHandlers();
    this.#send().thread.wait(() => condition() || this.#ending !== undefined);
  }

  #send(): { thread: Thread; id: number } {
    if (this.#sent === undefined) {
      const thread = this.#thread();
      const trace = this.#trace;
      const request = { ...this.#request, isTraced: trace !== undefined };
      if (trace !== undefined) request.call = withHeaders(request.call, trace.headers());
      const receiver = { listener: this.#onMessage, report: trace?.report };
      this.#sent = { thread, id: thread.send(request, receiver) };
    }
    return this.#sent;
  }

  readonly #onMessage = ({ data, batch = [], end, error }: WorkerMessage): void => {
    if (data !== undefined) this.#data = data;
    for (const item of unpack(batch)) {
      if (isStep(item) && item.step === 'head') this.#head = fromHeadData(item.head);
      this.#items.push(item);
    }
    if (end || error !== undefined) this.#ending = { error };
    else this.#batches++;
  };

  #takeSteps(): void {
    for (let item = this.#items[this.#at]; item && isStep(item); item = this.#items[this.#at]) {
      this.#shift();
      reportStep(this.#owner, item);
    }
  }

  #shift(): Item | undefined {
    const item = this.#items[this.#at++];
    if (this.#at >= this.#items.length) {
      this.#items = [];
      this.#at = 0;
    }
    return item;
  }

  /** Made where it is first thrown, so that its stack shows the caller. */
  #failure(): AnthropicError {
    const error = this.#ending?.error;
    return error === undefined ? new APIUserAbortError() : fromErrorData(error);
  }
}

function isStep(item: Item): item is Step {
  return !('type' in item) && item.step !== 'restart';
}

function toEvent(item: UntypedEvent | RestartItem): UntypedEvent {
  return 'type' in item ? item : restartEvent(item.index);
}

/** The caller's own override those that are added. */
function withHeaders(call: ApiRequest, added: Record<string, string>): ApiRequest {
  return { ...call, headers: { ...added, ...call.headers } };
}
