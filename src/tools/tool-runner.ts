import { type AnthropicError, APIUserAbortError, addContext, asAnthropicError } from '../errors.js';
import { forCaller, fromRuns } from '../pull/caller-stack.js';
import { markHandled } from '../pull/mark-handled.js';
import { loadChunk } from '../stream/load-chunk.js';
import type { MessageStream } from '../stream/message-stream.js';
import type { StreamOptions } from '../stream/open-source.js';
import type { RunTrace } from '../trace/run-trace.js';
import type { TurnOf } from '../trace/stream-trace.js';
import type { Deadline } from '../transport/deadline.js';
import { onAbort } from '../transport/on-abort.js';
import type { AnyMessage, BetaOnlyBlock } from '../wire/beta.js';
import type { BetaMessageParam } from '../wire/beta-params.js';
import type { Message } from '../wire/message.js';
import type { MessageParam } from '../wire/params.js';
import type { RunParams } from './next-turn-params.js';
import { type ParamsChange, RunChanges } from './run-changes.js';
import type { RunnerEvent } from './run-events.js';
import { RunReader } from './run-reader.js';
import {
  copyRunParams,
  type RunnerOptions,
  type RunnerSettings,
  type RunnerTool,
  settleRunner,
} from './runner-options.js';
import type { ToolLoop } from './tool-loop.js';

/** Opens the stream of one turn: `messages.stream`. */
export type OpenStream<S> = (params: object, options: StreamOptions, turn: TurnOf | undefined) => S;

/**
 * A conversation that continues until the model calls no more tools: each response is streamed, its calls
 * are run, and their results are the next request.
 *
 * It is read on demand, like a stream: a turn is opened when a reader asks for more, and is read at the
 * readers' pace; the runner reads what they leave. All readers get the same end.
 */
export class ToolRunner<
  M extends AnyMessage = Message,
  S extends MessageStream<M> = MessageStream<M>,
> implements AsyncIterable<S>, AsyncDisposable
{
  readonly #settings: RunnerSettings;
  readonly #params: RunParams;
  readonly #abort = new AbortController();
  readonly #changes = new RunChanges();
  readonly #loadDeadline: Deadline;
  readonly #trace: RunTrace | undefined;
  readonly #loading: Promise<ToolLoop<M, S>>;
  #loop: ToolLoop<M, S> | undefined;
  /** The stream of the latest turn. */
  #stream: S;
  #isBegun = false;
  #readers = 0;
  #isWanted = false;
  #isDone = false;
  #failure: AnthropicError | undefined;
  #unlink: () => void = () => {};

  /**
   * @internal Made by `client.messages.toolRunner()`.
   * @param loadDeadline limits the wait for the code that runs the tools.
   * @throws AnthropicError for invalid params or options.
   */
  constructor(
    open: OpenStream<S>,
    params: object,
    options: RunnerOptions,
    loadDeadline: Deadline,
    trace?: RunTrace,
  ) {
    this.#loadDeadline = loadDeadline;
    this.#trace = trace;
    this.#settings = settleRunner(params, options);
    this.#params = copyRunParams(params);
    const { signal } = this.#abort;
    const opened = (params: RunParams): S => {
      const { request, inContext } = this.#settings;
      this.#stream = inContext(() => open(params, { ...request, signal }, trace?.nextTurn()));
      return this.#stream;
    };
    this.#stream = opened(this.#params);
    this.#loading = markHandled(this.#load(opened));
  }

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

  /** The events of all turns, and `tool_start`, `tool_update`, `tool_result` as they happen. */
  get events(): AsyncIterable<RunnerEvent<M>> {
    return { [Symbol.asyncIterator]: () => this.#reader((loop) => loop.events()) };
  }

  /**
   * The conversation so far, ready to send: responses with signatures byte for byte, and a result for each
   * call. It changes when a turn is complete; arrays that were handed out don't.
   */
  get messages(): ParamOf<M>[] {
    return [...(this.#loop ?? this.#params).messages] as ParamOf<M>[];
  }

  /** The usage of all turns so far; undefined before the first response starts. */
  get usage(): M['usage'] | undefined {
    return this.#loop?.usage as M['usage'] | undefined;
  }

  /**
   * Adds messages after those of the current turn. With them the run goes on, also where the model called no
   * tool.
   * @throws AnthropicError after the end of the run.
   */
  pushMessages(...messages: ParamOf<M>[]): void {
    this.#changes.push(messages as MessageParam[]);
  }

  /**
   * Changes the params of the next requests: some of them, or what a function returns of those of the next
   * one, its messages included. `{ messages }` replaces the conversation, for one that was compacted.
   * @throws AnthropicError after the end of the run, or for tools that can't be run.
   */
  setParams(change: ParamsChange<RunParams>): void {
    this.#changes.set(change);
  }

  /** Adds tools to the next requests; one with a known name replaces it. @throws as `setParams` does. */
  addTools(...tools: RunnerTool[]): void {
    this.#changes.addTools(tools);
  }

  /** Leaves tools out of the next requests. @throws AnthropicError after the end of the run. */
  removeTools(...names: string[]): void {
    this.#changes.removeTools(names);
  }

  /**
   * Runs to the end and resolves with the last message.
   * @throws MaxTurnsError (rejects) where `maxTurns` stopped it; AnthropicError where a turn fails.
   */
  getFinalMessage(): Promise<M> {
    this.#begin();
    this.#isWanted = true;
    return forCaller(
      this.#loading.then((loop) => loop.complete()),
      fromRuns,
    );
  }

  /**
   * Ends the run now: the request and the running tools. Waiting readers get APIUserAbortError. After the
   * end it does nothing.
   */
  close(): void {
    this.#fail(new APIUserAbortError('the run was closed'));
  }

  /** `close()`, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
  }

  /** A page that runs no tools doesn't load this code. */
  async #load(open: (params: RunParams) => S): Promise<ToolLoop<M, S>> {
    try {
      const { ToolLoop } = await loadChunk(
        'toolRunner',
        import('./tool-loop.js'),
        this.#loadDeadline,
      );
      const owner = {
        settings: this.#settings,
        trace: this.#trace,
        signal: this.#abort.signal,
        changes: this.#changes,
        open,
        done: () => this.#done(),
        failed: this.#failed,
      };
      this.#loop = new ToolLoop<M, S>(owner, this.#params, this.#stream);
      return this.#loop;
    } catch (error) {
      throw this.#failed(error);
    }
  }

  #reader<T>(
    items: (loop: ToolLoop<M, S>) => AsyncGenerator<T, undefined, undefined>,
  ): RunReader<T> {
    return new RunReader(() => this.#loading.then(items), {
      joined: () => {
        this.#begin();
        this.#readers++;
      },
      left: () => {
        this.#readers--;
        if (this.#readers > 0 || this.#isWanted) return;
        this.#fail(new APIUserAbortError('the reader left the run before its end'));
      },
    });
  }

  /** The first need: from here on the signal counts. */
  #begin(): void {
    if (this.#isBegun) return;
    this.#isBegun = true;
    this.#trace?.begin();
    const { signal } = this.#settings;
    this.#unlink = onAbort(signal, () => {
      const cause = signal?.reason;
      this.#fail(new APIUserAbortError('the run was aborted', { cause }), cause);
    });
  }

  #done(): void {
    this.#isDone = true;
    this.#changes.end('the run is over');
    this.#trace?.end();
    this.#unlink();
  }

  readonly #failed = (error: unknown): AnthropicError => this.#fail(asAnthropicError(error));

  /** Ends the run, unless it has ended. @returns what it failed with. */
  #fail(error: AnthropicError, reason: unknown = error): AnthropicError {
    if (this.#isDone || this.#failure !== undefined) return this.#failure ?? error;
    this.#failure = addContext(error, {
      requestId: this.#stream.requestId,
      partialMessage: this.#stream.currentMessageSnapshot as Message | undefined,
    });
    this.#changes.end('the run has failed');
    this.#unlink();
    this.#loadDeadline.clear();
    this.#abort.abort(reason);
    this.#trace?.end(this.#failure);
    return this.#failure;
  }
}

/** The params for a turn of the conversations that `M` is a response in. */
export type ParamOf<M extends AnyMessage> = BetaOnlyBlock extends M['content'][number]
  ? BetaMessageParam
  : MessageParam;
