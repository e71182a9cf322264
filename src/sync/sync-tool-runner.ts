import { bindContext } from '../async-context.js';
import { type AnthropicError, APIUserAbortError, addContext, asAnthropicError } from '../errors.js';
import type { RunParams } from '../tools/next-turn-params.js';
import { type ParamsChange, RunChanges } from '../tools/run-changes.js';
import type { RunnerEvent } from '../tools/run-events.js';
import {
  copyRunParams,
  type ParamOf,
  type ParamsOf,
  type RunnerTool,
  requestOptions,
  toolsByName,
} from '../tools/runner-options.js';
import { type InContext, settleRunner } from '../tools/settle-runner.js';
import { StartGate } from '../tools/start-gate.js';
import { Task } from '../tools/task.js';
import type { Driver } from '../tools/turn.js';
import { Turns } from '../tools/turns.js';
import type { RunTrace } from '../trace/run-trace.js';
import type { TurnOf } from '../trace/stream-trace.js';
import type { AbortSignals } from '../transport/on-abort.js';
import type { AnyMessage } from '../wire/beta.js';
import type { ToolUseBlock } from '../wire/blocks.js';
import type { Message } from '../wire/message.js';
import type { MessageParam } from '../wire/params.js';
import { BlockingReader } from './blocking-reader.js';
import { interruptionOf } from './interruption.js';
import type { SyncRunnerOptions, SyncStreamOptions } from './options.js';
import { eventsOf, itemsOf, streamsOf, textOf } from './run-items.js';
import type { SyncMessageStream } from './sync-message-stream.js';
import type { SyncOutputMessageStream } from './sync-output-message-stream.js';

/** Opens the stream of one turn, which the signals end. */
export type OpenSyncStream<S> = (
  params: object,
  options: SyncStreamOptions,
  signals: AbortSignals,
  turn: TurnOf | undefined,
) => S;

/**
 * A conversation that continues until the model calls no more tools: each response is streamed, its calls
 * are run one after another, and their results are the next request.
 *
 * It is read on demand, like a stream, and everything happens while a reader reads: a turn is opened, and
 * a tool runs, when a reader asks for more. All readers get the same end.
 */
export class SyncToolRunner<
  M extends AnyMessage = Message,
  S extends SyncMessageStream<M> = SyncMessageStream<M>,
> implements Iterable<S>, Disposable
{
  readonly #abort = new AbortController();
  readonly #changes = new RunChanges();
  readonly #trace: RunTrace | undefined;
  readonly #turns: Turns<S, 'blocking'>;
  /** The stream of the latest turn. */
  #stream: S;
  #readers = 0;
  #isDone = false;
  #failure: AnthropicError | undefined;

  /**
   * @internal Made by `client.messages.toolRunner()`.
   * @throws AnthropicError for invalid params or options.
   */
  constructor(
    open: OpenSyncStream<S>,
    params: object,
    options: SyncRunnerOptions,
    trace?: RunTrace,
  ) {
    this.#trace = trace;
    toolsByName((params as { tools?: unknown } | undefined)?.tools);
    const inContext: InContext = bindContext((work) => work());
    const settings = settleRunner(options, { starts: new StartGate(), inContext });
    const copied = copyRunParams(params);
    const { signal } = this.#abort;
    const request = requestOptions(options);
    const opened = (params: RunParams): S => {
      this.#stream = inContext(() => open(params, request, [signal], trace?.nextTurn()));
      return this.#stream;
    };
    const done = (): void => {
      this.#isDone = true;
      this.#changes.end('the run is over');
      trace?.end();
    };
    const changes = this.#changes;
    const owner = { settings, signal, trace, changes, open: opened, done, failed: this.#failed };
    this.#stream = opened(copied);
    this.#turns = new Turns(owner, ONE_BY_ONE, copied, this.#stream);
  }

  /**
   * The stream of each turn. Read it in any way, or not at all: the rest is read before the next turn.
   * Breaking out of this loop ends the run, breaking out of a stream's loop doesn't.
   */
  [Symbol.iterator](): IterableIterator<S, undefined> {
    return this.#reader(() => streamsOf(this.#turns.first));
  }

  /** The text of all turns, piece by piece. */
  get textStream(): Iterable<string> {
    return { [Symbol.iterator]: () => this.#reader(() => textOf(this.#turns.first)) };
  }

  /**
   * The events of all turns, and `tool_start`, `tool_update`, `tool_result`. You get `tool_start` before
   * the tool runs, and its updates when it has returned; with `eager` all three then.
   */
  get events(): Iterable<RunnerEvent<M>> {
    return { [Symbol.iterator]: () => this.#reader(() => eventsOf<M, S>(this.#turns.first)) };
  }

  /**
   * The conversation so far, ready to send: responses with signatures byte for byte, and a result for each
   * call. It changes when a turn is complete; arrays that were handed out don't.
   */
  get messages(): ParamOf<M>[] {
    return [...this.#turns.params.messages] as ParamOf<M>[];
  }

  /**
   * The params of the next request, with what was changed and the conversation so far. After an error, or once
   * deferred results are there, `toolRunner(runner.params)` with more messages goes on.
   */
  get params(): ParamsOf<M> {
    return { ...this.#turns.params } as unknown as ParamsOf<M>;
  }

  /**
   * The calls that the run has ended for, since their tools returned `defer()`. It goes on with another runner
   * whose messages end with their results.
   */
  get deferredToolCalls(): ToolUseBlock[] {
    return [...this.#turns.deferred];
  }

  /** The usage of all turns so far; undefined before the first response starts. */
  get usage(): M['usage'] | undefined {
    return this.#turns.usage as M['usage'] | undefined;
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
   * Runs to the end and returns the last message.
   * @throws MaxTurnsError where `maxTurns` stopped it; AnthropicError where a turn fails.
   */
  getFinalMessage(): M {
    return this.#last().getFinalMessage();
  }

  /**
   * Runs to the end and returns the text of the last message.
   * @throws as `getFinalMessage()`.
   */
  getFinalText(): string {
    return this.#last().getFinalText();
  }

  /**
   * Runs to the end and returns the validated output of the last message, for params with an
   * `outputFormat(schema)`.
   * @throws OutputError where the message isn't the output; as `getFinalMessage()`.
   */
  getFinalOutput(): SyncOutputOf<S> {
    return (this.#last() as unknown as SyncOutputMessageStream<SyncOutputOf<S>>).getFinalOutput();
  }

  /**
   * Runs to the end.
   * @throws as `getFinalMessage()`.
   */
  untilDone(): void {
    this.#last();
  }

  /**
   * Ends the run now; a tool that calls it sees its `signal` fire. Readers that continue get
   * APIUserAbortError. After the end it does nothing.
   */
  close(): void {
    this.#failed(new APIUserAbortError('the run was closed'));
  }

  /** `close()`, for `using`. */
  [Symbol.dispose](): void {
    this.close();
  }

  #last(): S {
    let last = this.#stream;
    for (const stream of this) last = stream;
    return last;
  }

  #reader<T>(items: () => Generator<T, undefined, undefined>): BlockingReader<T> {
    const source = itemsOf(this.#read(items));
    const poll = (): T | undefined => {
      const wasOver = this.#failure !== undefined;
      try {
        return source.poll();
      } catch (error) {
        // Only the call that waited gets what the handler threw.
        throw (wasOver ? undefined : interruptionOf(error)) ?? error;
      }
    };
    return new BlockingReader({ poll, leave: source.leave });
  }

  *#read<T>(items: () => Generator<T, undefined, undefined>): Generator<T, undefined, undefined> {
    this.#trace?.begin();
    this.#readers++;
    try {
      return yield* items();
    } catch (error) {
      throw this.#failed(error);
    } finally {
      this.#readers--;
      if (this.#readers === 0) {
        this.#failed(new APIUserAbortError('the reader left the run before its end'));
      }
    }
  }

  /** Ends the run, unless it has ended. @returns what it failed with. */
  readonly #failed = (thrown: unknown): AnthropicError => {
    const error = asAnthropicError(thrown);
    if (this.#isDone || this.#failure !== undefined) return this.#failure ?? error;
    this.#failure = addContext(error, {
      requestId: this.#stream.requestId,
      partialMessage: this.#stream.currentMessageSnapshot as Message | undefined,
    });
    this.#changes.end('the run has failed');
    this.#abort.abort(this.#failure);
    this.#trace?.end(this.#failure);
    return this.#failure;
  };
}

/** What the output format of a stream parses. */
type SyncOutputOf<S> =
  S extends SyncOutputMessageStream<infer Output, infer _Input, infer _M> ? Output : never;

/** Calls run one after another, each when its result is needed. */
const ONE_BY_ONE: Driver<'blocking'> = {
  start: (steps) => new Task(steps),
  startCall: (steps) => new Task(steps),
  runEarly: (call, failed) => {
    try {
      call.result();
    } catch (error) {
      failed(error);
    }
  },
};
