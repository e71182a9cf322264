import { bindContext } from '../async-context.js';
import type { AnthropicError } from '../errors.js';
import type { OutputMessageStream } from '../output/output-message-stream.js';
import { markHandled } from '../pull/mark-handled.js';
import { loadChunk } from '../stream/load-chunk.js';
import type { MessageStream } from '../stream/message-stream.js';
import type { StreamOptions } from '../stream/open-source.js';
import type { MaybeRunTrace, MaybeTurn, RunTrace } from '../trace/run-trace.js';
import type { Deadline } from '../transport/deadline.js';
import type { AnyMessage } from '../wire/beta.js';
import type { ToolUseBlock } from '../wire/blocks.js';
import type { Message } from '../wire/message.js';
import type { MessageParam } from '../wire/params.js';
import type { RunParams } from './next-turn-params.js';
import { Run } from './run.js';
import type { Verdict } from './run-call.js';
import { type ParamsChange, RunChanges } from './run-changes.js';
import {
  copyRunParams,
  type ParamOf,
  type ParamsOf,
  type RunnerOptions,
  type RunnerTool,
  requestOptions,
  toolsByName,
} from './runner-options.js';
import type { InContext } from './settle-runner.js';
import { StartGate } from './start-gate.js';
import type { ToolLoop } from './tool-loop.js';

/** Opens the stream of one turn: `messages.stream`. */
export type OpenStream<S> = (params: object, options: StreamOptions, turn: MaybeTurn) => S;

/** What the output format of a stream parses. */
type OutputOf<S> =
  S extends OutputMessageStream<infer Output, infer _Input, infer _M> ? Output : never;

/**
 * A conversation that continues until the model calls no more tools: each response is streamed, its calls
 * are run, and their results are the next request.
 *
 * It is read on demand, like a stream: a turn is opened when a reader asks for more, and is read at the
 * readers' pace; the runner reads what they leave. All readers get the same end. `close()` ends the request
 * and the running tools.
 */
export class ToolRunner<
  M extends AnyMessage = Message,
  S extends MessageStream<M> = MessageStream<M>,
> extends Run<M, S> {
  readonly #options: RunnerOptions;
  readonly #starts = new StartGate();
  readonly #inContext: InContext = bindContext((work) => work());
  readonly #params: RunParams;
  readonly #abort = new AbortController();
  readonly #changes = new RunChanges();
  readonly #loadDeadline: Deadline;
  readonly #trace: MaybeRunTrace;
  #loop: ToolLoop<M, S> | undefined;
  /** @internal */
  protected readonly loading: Promise<ToolLoop<M, S>>;
  /** @internal */
  protected latest: S;

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
    trace?: MaybeRunTrace,
  ) {
    super(options.signal);
    this.#loadDeadline = loadDeadline;
    this.#trace = trace;
    toolsByName((params as { tools?: unknown } | undefined)?.tools);
    // What the caller changes in them later is no change of the run.
    this.#options = { ...options };
    this.#params = copyRunParams(params);
    const { signal } = this.#abort;
    const request = { ...requestOptions(options), signal };
    const opened = (params: RunParams): S => {
      this.latest = this.#inContext(() =>
        open(
          params,
          request,
          whenLoaded(trace, (trace) => trace.nextTurn()),
        ),
      );
      return this.latest;
    };
    this.latest = opened(this.#params);
    this.loading = markHandled(this.#load(opened));
  }

  /**
   * The conversation so far, ready to send: responses with signatures byte for byte, and a result for each
   * call. It changes when a turn is complete; arrays that were handed out don't.
   */
  get messages(): ParamOf<M>[] {
    return [...(this.#loop?.params ?? this.#params).messages] as ParamOf<M>[];
  }

  /**
   * The params of the next request, with what was changed and the conversation so far. After an error, or once
   * deferred results are there, `toolRunner(runner.params)` with more messages goes on.
   */
  get params(): ParamsOf<M> {
    return { ...(this.#loop?.params ?? this.#params) } as unknown as ParamsOf<M>;
  }

  /**
   * The calls that the run has ended for, since their tools returned `defer()`. It goes on with another runner
   * whose messages end with their results.
   */
  get deferredToolCalls(): ToolUseBlock[] {
    return [...(this.#loop?.deferred ?? [])];
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
    this.#changes.add({ push: messages as MessageParam[] });
  }

  /**
   * Changes the params of the next requests: some of them, or what a function returns of those of the next
   * one, its messages included. `{ messages }` replaces the conversation, for one that was compacted.
   * @throws AnthropicError after the end of the run, or for tools that can't be run.
   */
  setParams(change: ParamsChange<RunParams>): void {
    this.#changes.add({ set: change });
  }

  /** Adds tools to the next requests; one with a known name replaces it. @throws as `setParams` does. */
  addTools(...tools: RunnerTool[]): void {
    this.#changes.add({ addTools: tools });
  }

  /** Leaves tools out of the next requests. @throws AnthropicError after the end of the run. */
  removeTools(...names: string[]): void {
    this.#changes.add({ removeTools: names });
  }

  /**
   * Runs to the end and resolves with the validated output of the last message, for params with an
   * `outputFormat(schema)`.
   * @throws OutputError (rejects) where the message isn't the output; as `getFinalMessage()`.
   */
  getFinalOutput(): Promise<OutputOf<S>> {
    return this.complete((last) =>
      (last as unknown as OutputMessageStream<OutputOf<S>>).getFinalOutput(),
    );
  }

  /**
   * Decides on a call that waits, with `approve: 'ask'`: true runs it; false, or a reason, denies it, and
   * the model is told.
   * @param id that of the `tool_approval` event.
   * @returns whether a call was waiting for it: false for an unknown id, and for a second decision.
   */
  decide(id: string, verdict: Verdict): boolean {
    return this.#loop?.decide(id, verdict) ?? false;
  }

  /**
   * @internal The run for a log, without the messages that it began with. A tool runs once the reader has come back
   * after its start.
   */
  recordedEvents(): AsyncIterator<{ type: string }, undefined> {
    this.#starts.close();
    return this.wireEvents((event) => this.#starts.recorded(event));
  }

  /** @internal From now on no tool starts: those that run go on. */
  holdTools(): void {
    this.#starts.hold();
  }

  /** A page that runs no tools doesn't load this code. */
  async #load(open: (params: RunParams) => S): Promise<ToolLoop<M, S>> {
    try {
      const chunk = import('./tool-loop.js');
      const { settleRunner, ToolLoop } = await loadChunk('toolRunner', chunk, this.#loadDeadline);
      const trace = await this.#trace;
      const owner = {
        ...this.end,
        done: () => {
          this.#changes.end('the run is over');
          trace?.end();
          this.end.done();
        },
        trace,
        signal: this.#abort.signal,
        changes: this.#changes,
        open,
      };
      const of = { starts: this.#starts, inContext: this.#inContext };
      this.#loop = this.#inContext(() => {
        const settings = settleRunner(this.#options, of);
        return new ToolLoop<M, S>({ ...owner, settings }, this.#params, this.latest);
      });
      return this.#loop;
    } catch (error) {
      throw this.end.failed(error);
    }
  }

  /** @internal */
  protected override begun(): void {
    void whenLoaded(this.#trace, (trace) => trace.begin());
  }

  /** @internal */
  protected stop(error: AnthropicError, reason: unknown): void {
    this.#changes.end('the run has failed');
    this.#loadDeadline.clear();
    this.#abort.abort(reason);
    void whenLoaded(this.#trace, (trace) => trace.end(error));
  }

  /** @internal */
  protected wireOptions(): { history: readonly unknown[]; keepUnsignedThinking: boolean } {
    const { keepUnsignedThinking = false } = this.#options;
    return { history: this.#params.messages, keepUnsignedThinking };
  }
}

/** What a trace says, or does, once its code is there. */
function whenLoaded<T>(
  trace: MaybeRunTrace,
  ask: (trace: RunTrace) => T,
): T | Promise<T | undefined> | undefined {
  if (trace instanceof Promise) return trace.then((trace) => trace && ask(trace));
  return trace && ask(trace);
}
