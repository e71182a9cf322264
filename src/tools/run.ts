import { type AnthropicError, APIUserAbortError, addContext, asAnthropicError } from '../errors.js';
import type { UntypedEvent } from '../message/untyped.js';
import { forCaller, fromRuns } from '../pull/caller-stack.js';
import type { MessageStream } from '../stream/message-stream.js';
import type { NodeResponse } from '../stream/pipe-to.js';
import {
  checkServeOptions,
  lazyTexts,
  sseResponse,
  type Texts,
  type ToResponseOptions,
} from '../stream/sse-response.js';
import { raise } from '../thrown.js';
import { onAbort } from '../transport/on-abort.js';
import type { AnyMessage } from '../wire/beta.js';
import type { ToolUseBlock } from '../wire/blocks.js';
import type { Message } from '../wire/message.js';
import type { RunnerEvent } from './run-events.js';
import { RunEmitter, type RunListeners } from './run-listeners.js';
import type { RunLoop } from './run-loop.js';
import { RunReader } from './run-reader.js';
import type { ParamOf } from './runner-options.js';
import type { ToolStartEvent } from './tool-events.js';

/** Options of a run's `toResponse()` and `pipeTo()`. */
export interface RunToResponseOptions extends ToResponseOptions {
  /** Sends the messages that the run began with too: the far side's `messages` is the conversation. Default false. */
  history?: boolean | undefined;
}

/** What a run does with its end, whatever drives it. */
export interface RunEnd {
  done: () => void;
  /** Ends the run, unless it has ended. @returns what it failed with. */
  failed: (error: unknown) => AnthropicError;
}

/**
 * A conversation that continues until the model calls no more tools, as its readers see it: that of a
 * ToolRunner, or of a RunStream, which reads one that runs elsewhere.
 *
 * It is read on demand, like a stream: a turn is opened when a reader asks for more, and is read at the
 * readers' pace; what they leave is read before the next turn. All readers get the same end.
 */
export abstract class Run<
  M extends AnyMessage = Message,
  S extends MessageStream<M> = MessageStream<M>,
> implements AsyncIterable<S>, AsyncDisposable
{
  readonly #emitter = new RunEmitter<S>({
    read: async (began) => {
      this.#begin();
      return (await this.loading).events(began);
    },
    failure: () => this.#failure,
  });
  readonly #signal: AbortSignal | undefined;
  #isBegun = false;
  #readers = 0;
  #isWanted = false;
  #isDone = false;
  #failure: AnthropicError | undefined;
  #unlink: () => void = () => {};

  /** @internal @param signal ends the run. */
  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
  }

  /** @internal Its turns, once the code for them is loaded. */
  protected abstract readonly loading: Promise<RunLoop<M, S>>;
  /** @internal The stream of the latest turn. */
  protected abstract readonly latest: S | undefined;
  /** @internal The first need. */
  protected begun(): void {}
  /** @internal Closes what is open. */
  protected abstract stop(error: AnthropicError, reason: unknown): void;
  /** @internal What the far side of a response needs to know. */
  protected abstract wireOptions(): { history: readonly unknown[]; keepUnsignedThinking: boolean };

  /** The conversation so far, ready to send. */
  abstract get messages(): ParamOf<M>[];

  /** The calls that the run has ended without a result for: their tools returned `defer()`. */
  abstract get deferredToolCalls(): ToolUseBlock[];

  /** The usage of all turns so far; undefined before the first response starts. */
  abstract get usage(): M['usage'] | undefined;

  /**
   * The stream of each turn. Read it in any way, or not at all: the rest is read before the next turn.
   * Breaking out of this loop ends the run, breaking out of a stream's loop doesn't.
   */
  [Symbol.asyncIterator](): AsyncIterableIterator<S, undefined> {
    return this.#reader((loop) => loop.streams());
  }

  /** The text of all turns, piece by piece. */
  get textStream(): AsyncIterable<string> {
    return { [Symbol.asyncIterator]: () => this.#reader((loop) => loop.text()) };
  }

  /**
   * The events of all turns, and `tool_approval`, `tool_start`, `tool_update`, `tool_result` as they
   * happen.
   */
  get events(): AsyncIterable<RunnerEvent<M>> {
    return { [Symbol.asyncIterator]: () => this.#reader((loop) => loop.events()) };
  }

  /**
   * Runs to the end and resolves with the last message.
   * @throws MaxTurnsError (rejects) where `maxTurns` stopped it; AnthropicError where a turn fails.
   */
  getFinalMessage(): Promise<M> {
    return this.complete((last) => last.getFinalMessage());
  }

  /**
   * Runs to the end and resolves with the text of the last message.
   * @throws as `getFinalMessage()`.
   */
  getFinalText(): Promise<string> {
    return this.complete((last) => last.getFinalText());
  }

  /**
   * Runs to the end.
   * @throws as `getFinalMessage()`.
   */
  untilDone(): Promise<void> {
    return this.complete(async () => {});
  }

  /**
   * Adds a listener, for events from now on. Any of them but `error` and `end` makes the run go, to its end.
   * @throws AnthropicError for an unknown event name.
   */
  on<N extends keyof RunListeners<M, S>>(name: N, listener: RunListeners<M, S>[N]): this {
    this.#emitter.add(name, listener as never, false);
    return this;
  }

  /** Adds a listener for the next event of this name only. */
  once<N extends keyof RunListeners<M, S>>(name: N, listener: RunListeners<M, S>[N]): this {
    this.#emitter.add(name, listener as never, true);
    return this;
  }

  /** Removes a listener. The run continues. */
  off<N extends keyof RunListeners<M, S>>(name: N, listener: RunListeners<M, S>[N]): this {
    this.#emitter.remove(name, listener as never);
    return this;
  }

  /**
   * The whole run as server-sent events, for a web server to pass on; `RunStream.from` reads it at the other
   * end. Errors travel in it, client-side ones with a fixed text unless `error` decides otherwise. When the
   * client disconnects and there is no other reader, the run ends.
   * @throws AnthropicError for an invalid option.
   */
  toResponse({
    error,
    expose,
    onDisconnect,
    history,
    ...init
  }: RunToResponseOptions = {}): Response {
    return sseResponse(this.#texts({ error, expose, onDisconnect, history }), init);
  }

  /**
   * `toResponse()` for a ServerResponse of Node. Resolves when all is written, a failure of the run
   * included, or the client has disconnected.
   * @throws AnthropicError (rejects) where the headers are sent already, or for an invalid option.
   */
  async pipeTo(response: NodeResponse, options: RunToResponseOptions = {}): Promise<void> {
    const texts = this.#texts(options);
    const { pipeTo } = await import('../stream/pipe-to.js');
    await pipeTo(texts, response, options);
  }

  /** @internal The events as they are passed on, for a reader. */
  servedEvents(
    select: (event: UntypedEvent) => UntypedEvent | undefined,
  ): AsyncIterator<UntypedEvent, undefined> {
    return this.#reader((loop) => loop.served(select)) as RunReader<UntypedEvent>;
  }

  /**
   * @internal The whole run as events on the wire, without the messages that it began with.
   * @param recorded called when the reader has come back after the start of a tool.
   */
  protected wireEvents(
    recorded: (event: ToolStartEvent) => void,
  ): AsyncIterator<{ type: string }, undefined> {
    const options = { ...this.wireOptions(), history: [], expose: {}, mapError: undefined };
    return this.#reader((loop) => loop.wireEvents({ ...options, recorded }));
  }

  /** Ends the run now. Waiting readers get APIUserAbortError. After the end it does nothing. */
  close(): void {
    this.#fail(new APIUserAbortError('the run was closed'));
  }

  /** `close()`, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
  }

  /** @internal */
  protected readonly end: RunEnd = {
    done: () => this.#done(),
    failed: (error) => this.#fail(asAnthropicError(error)),
  };

  #texts({ error, expose = {}, onDisconnect, history }: RunToResponseOptions): Texts {
    checkServeOptions({ expose, onDisconnect });
    const options = { ...this.wireOptions(), expose, mapError: error };
    const events = this.#reader((loop) =>
      loop.wireEvents(history ? options : { ...options, history: [] }),
    );
    const load = async (): Promise<Texts> =>
      (await import('../stream/write-events.js')).writeRun(events, error);
    const finish = onDisconnect === 'continue' ? () => this.untilDone() : undefined;
    return lazyTexts({ load, events, finish });
  }

  /** @internal Runs to the end, and asks the last stream. */
  protected complete<T>(map: (last: S) => Promise<T>): Promise<T> {
    this.#begin();
    this.#isWanted = true;
    return forCaller(this.loading.then((loop) => loop.last()).then(map), fromRuns);
  }

  #reader<T>(
    items: (loop: RunLoop<M, S>) => AsyncGenerator<T, undefined, undefined>,
  ): RunReader<T> {
    return new RunReader(() => this.loading.then(items), {
      joined: () => {
        this.#begin();
        this.#readers++;
      },
      left: () => {
        this.#readers--;
        if (this.#readers > 0 || this.#isWanted || this.#emitter.isPulling) return;
        this.#fail(new APIUserAbortError('the reader left the run before its end'));
      },
    });
  }

  /** The first need: from here on the signal counts. */
  #begin(): void {
    if (this.#isBegun) return;
    this.#isBegun = true;
    this.begun();
    this.#unlink = onAbort(this.#signal, () => {
      const cause = this.#signal?.reason;
      this.#fail(new APIUserAbortError('the run was aborted', { cause }), cause);
    });
  }

  #done(): void {
    this.#isDone = true;
    this.#unlink();
    this.#emitter.ended();
  }

  /** Ends the run, unless it has ended. @returns what it failed with. */
  #fail(error: AnthropicError, reason: unknown = error): AnthropicError {
    if (this.#isDone || this.#failure !== undefined) return this.#failure ?? error;
    this.#failure = addContext(error, {
      requestId: this.latest?.requestId,
      partialMessage: this.latest?.currentMessageSnapshot as Message | undefined,
    });
    this.#unlink();
    this.stop(this.#failure, reason);
    const isHeard = this.#readers > 0 || this.#isWanted || this.#emitter.hearsErrors;
    const isOnPurpose = error instanceof APIUserAbortError;
    if (this.#emitter.isPulling && !isHeard && !isOnPurpose) raise(this.#failure);
    this.#emitter.ended();
    return this.#failure;
  }
}
