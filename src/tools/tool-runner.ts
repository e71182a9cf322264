import { type AnthropicError, APIUserAbortError, addContext, asAnthropicError } from '../errors.js';
import { forCaller, fromRuns } from '../pull/caller-stack.js';
import { markHandled } from '../pull/mark-handled.js';
import { loadChunk } from '../stream/load-chunk.js';
import type { MessageStream } from '../stream/message-stream.js';
import type { StreamOptions } from '../stream/open-source.js';
import { onAbort } from '../transport/on-abort.js';
import type { AnyMessage, BetaOnlyBlock } from '../wire/beta.js';
import type { BetaMessageParam } from '../wire/beta-params.js';
import type { Message } from '../wire/message.js';
import type { MessageParam } from '../wire/params.js';
import type { RunnerEvent } from './events-of.js';
import type { RunParams } from './next-turn-params.js';
import { Reading } from './reading.js';
import type { Run } from './run.js';
import { type RunnerOptions, type RunnerSettings, settleRunner } from './runner-options.js';

/** Opens the stream of one turn: `messages.stream`. */
export type OpenStream<S> = (params: object, options: StreamOptions) => S;

/**
 * A conversation that goes on until the model calls no more tools: each answer is streamed, its calls
 * are made, and their results are the next request.
 *
 * It is pulled, like a stream: a turn is opened when somebody wants to read on, and is read as fast as
 * its readers read; what they leave, the runner reads itself. All readers get the same end.
 */
export class ToolRunner<
  M extends AnyMessage = Message,
  S extends MessageStream<M> = MessageStream<M>,
> implements AsyncIterable<S>, AsyncDisposable
{
  readonly #settings: RunnerSettings;
  readonly #params: RunParams;
  readonly #abort = new AbortController();
  readonly #loading: Promise<Run<M, S>>;
  #run: Run<M, S> | undefined;
  /** That of the turn opened last. */
  #stream: S;
  #isBegun = false;
  #readers = 0;
  #isWanted = false;
  #isDone = false;
  #failure: AnthropicError | undefined;
  #unlink: () => void = () => {};

  /**
   * @internal Made by `client.messages.toolRunner()`.
   * @throws AnthropicError when params or options make no sense.
   */
  constructor(open: OpenStream<S>, params: object, options: RunnerOptions) {
    this.#settings = settleRunner(params, options);
    // Written down now: what the caller adds to them later is not part of the run.
    const { messages = [], ...rest } = params as Partial<RunParams>;
    this.#params = { ...rest, messages: [...messages] };
    const { signal } = this.#abort;
    const opened = (params: RunParams): S => {
      this.#stream = open(params, { ...this.#settings.request, signal });
      return this.#stream;
    };
    this.#stream = opened(this.#params);
    this.#loading = markHandled(this.#load(opened));
  }

  /**
   * The stream of each turn, to be read in any way or not at all: what is left of it is read before the
   * next one comes. Breaking out of this loop ends the run, breaking out of a stream's does not.
   */
  [Symbol.asyncIterator](): AsyncIterableIterator<S, undefined> {
    return this.#reading((run) => run.streams());
  }

  /** The text of all turns, piece by piece. */
  get textStream(): AsyncIterable<string> {
    return { [Symbol.asyncIterator]: () => this.#reading((run) => run.text()) };
  }

  /** The events of all turns, and `tool_start`, `tool_update`, `tool_result` as they happen. */
  get events(): AsyncIterable<RunnerEvent<M>> {
    return { [Symbol.asyncIterator]: () => this.#reading((run) => run.events()) };
  }

  /**
   * The conversation so far, ready to send: the answers with signatures as they came, and a result for
   * each call. It changes when a turn is complete; what was handed out does not.
   */
  get messages(): ParamOf<M>[] {
    return [...(this.#run ?? this.#params).messages] as ParamOf<M>[];
  }

  /** What all turns used so far; undefined before the first answer begins. */
  get usage(): M['usage'] | undefined {
    return this.#run?.usage as M['usage'] | undefined;
  }

  /**
   * Runs to the end and gives the last message.
   * @throws MaxTurnsError (rejects) where `maxTurns` stopped it; AnthropicError where a turn fails.
   */
  getFinalMessage(): Promise<M> {
    this.#begin();
    this.#isWanted = true;
    return forCaller(
      this.#loading.then((run) => run.complete()),
      fromRuns,
    );
  }

  /**
   * Ends the run now, at any time: the request and the tools that run. Readers that wait get
   * APIUserAbortError. After the end it does nothing.
   */
  close(): void {
    this.#fail(new APIUserAbortError('the run was closed'));
  }

  /** `close()`, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
  }

  /** A page that runs no tools need not load what runs them. */
  async #load(open: (params: RunParams) => S): Promise<Run<M, S>> {
    try {
      const { Run } = await loadChunk('toolRunner', import('./run.js'));
      const owner = {
        settings: this.#settings,
        signal: this.#abort.signal,
        open,
        done: () => this.#done(),
        failed: this.#failed,
      };
      this.#run = new Run<M, S>(owner, this.#params, this.#stream);
      return this.#run;
    } catch (error) {
      throw this.#failed(error);
    }
  }

  #reading<T>(items: (run: Run<M, S>) => AsyncGenerator<T, undefined, undefined>): Reading<T> {
    return new Reading(() => this.#loading.then(items), {
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
    const { signal } = this.#settings;
    this.#unlink = onAbort(signal, () => {
      const cause = signal?.reason;
      this.#fail(new APIUserAbortError('the run was aborted', { cause }), cause);
    });
  }

  #done(): void {
    this.#isDone = true;
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
    this.#unlink();
    this.#abort.abort(reason);
    return this.#failure;
  }
}

/** A turn of the conversations that `M` is the answer in. */
type ParamOf<M extends AnyMessage> = BetaOnlyBlock extends M['content'][number]
  ? BetaMessageParam
  : MessageParam;
