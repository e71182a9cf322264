import { type AnthropicError, APIUserAbortError, addContext, asAnthropicError } from '../errors.js';
import type { MessageStream } from '../stream/message-stream.js';
import type { StreamOptions } from '../stream/open-source.js';
import { quiet } from '../stream/quiet.js';
import { addUsage } from '../stream/recover/add-usage.js';
import { onAbort } from '../transport/on-abort.js';
import type { AnyMessage, BetaOnlyBlock } from '../wire/beta.js';
import type { BetaMessageParam } from '../wire/beta-params.js';
import type { Message } from '../wire/message.js';
import type { MessageParam } from '../wire/params.js';
import { Calls, callsIn } from './calls.js';
import { continued, isPaused, type RunParams } from './continued.js';
import { eventsOf, type RunnerEvent } from './events-of.js';
import { MaxTurnsError } from './max-turns-error.js';
import { Reading } from './reading.js';
import { type RunnerOptions, type RunnerSettings, settleRunner } from './runner-options.js';
import { Slots } from './slots.js';
import { ToolLog } from './tool-events.js';
import { streamsOf, type Turn, textOf } from './turn.js';

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
  readonly #open: OpenStream<S>;
  readonly #settings: RunnerSettings;
  readonly #slots: Slots;
  readonly #abort = new AbortController();
  readonly #turns: Turn<S>[] = [];
  readonly #first: Turn<S>;
  #params: RunParams;
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
    this.#open = open;
    this.#settings = settleRunner(params, options);
    this.#slots = new Slots(this.#settings.maxParallel);
    // Written down now: what the caller adds to them later is not part of the run.
    const { messages = [], ...rest } = params as Partial<RunParams>;
    this.#params = { ...rest, messages: [...messages] };
    this.#first = this.#openTurn();
  }

  /**
   * The stream of each turn, to be read in any way or not at all: what is left of it is read before the
   * next one comes. Breaking out of this loop ends the run, breaking out of a stream's does not.
   */
  [Symbol.asyncIterator](): AsyncIterableIterator<S, undefined> {
    return this.#reading(streamsOf(this.#first));
  }

  /** The text of all turns, piece by piece. */
  get textStream(): AsyncIterable<string> {
    return { [Symbol.asyncIterator]: () => this.#reading(textOf(this.#first)) };
  }

  /** The events of all turns, and `tool_start`, `tool_update`, `tool_result` as they happen. */
  get events(): AsyncIterable<RunnerEvent<M>> {
    return { [Symbol.asyncIterator]: () => this.#reading(eventsOf<M, S>(this.#first)) };
  }

  /**
   * The conversation so far, ready to send: the answers with signatures as they came, and a result for
   * each call. It changes when a turn is complete; what was handed out does not.
   */
  get messages(): ParamOf<M>[] {
    return [...this.#params.messages] as ParamOf<M>[];
  }

  /** What all turns used so far; undefined before the first answer begins. */
  get usage(): M['usage'] | undefined {
    const usages = this.#turns.map(({ stream }) => stream.currentMessageSnapshot?.usage);
    return usages.reduce(addUsage as never, undefined) as M['usage'] | undefined;
  }

  /**
   * Runs to the end and gives the last message.
   * @throws MaxTurnsError (rejects) where `maxTurns` stopped it; AnthropicError where a turn fails.
   */
  getFinalMessage(): Promise<M> {
    this.#begin();
    this.#isWanted = true;
    return quiet(this.#complete());
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

  async #complete(): Promise<M> {
    let last = this.#first.stream;
    for await (const stream of streamsOf(this.#first)) last = stream;
    return last.getFinalMessage();
  }

  #reading<T>(items: AsyncGenerator<T, undefined, undefined>): Reading<T> {
    return new Reading(items, {
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

  #openTurn(): Turn<S> {
    const { eager, tools, approve, request } = this.#settings;
    const { signal } = this.#abort;
    const stream = this.#open(this.#params, { ...request, signal });
    const log = new ToolLog();
    const calls = new Calls({ tools, approve, signal, slots: this.#slots, log });
    stream.follow((block) => {
      if (eager && block.type === 'tool_use') calls.make(block).catch(this.#failed);
    }, this.#failed);
    let next: Promise<Turn<S> | undefined> | undefined;
    const turn: Turn<S> = {
      stream,
      log,
      next: () => {
        next ??= quiet(this.#finish(turn, calls));
        return next;
      },
    };
    this.#turns.push(turn);
    return turn;
  }

  /** Ends a turn: reads what is left, makes the calls, and opens the next one where there is one. */
  async #finish({ stream, log }: Turn<S>, calls: Calls): Promise<Turn<S> | undefined> {
    try {
      const message = await stream.getFinalMessage();
      const isStopped = !GOES_ON.has(message.stop_reason);
      const results = await calls.results(message, isStopped);
      if (this.#failure !== undefined) throw this.#failure;
      this.#params = continued(this.#params, message, results);
      if (isStopped || (callsIn(message).length === 0 && !isPaused(message))) {
        this.#isDone = true;
        this.#unlink();
        return undefined;
      }
      const { maxTurns } = this.#settings;
      if (this.#turns.length >= maxTurns) {
        throw new MaxTurnsError(maxTurns, [...this.#params.messages]);
      }
      return this.#openTurn();
    } catch (error) {
      throw this.#failed(error);
    } finally {
      log.close();
    }
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

  readonly #failed = (error: unknown): AnthropicError => this.#fail(asAnthropicError(error));

  /** Ends the run, unless it has ended. @returns what it failed with. */
  #fail(error: AnthropicError, reason: unknown = error): AnthropicError {
    if (this.#isDone || this.#failure !== undefined) return this.#failure ?? error;
    const stream = this.#turns.at(-1)?.stream;
    this.#failure = addContext(error, {
      requestId: stream?.requestId,
      partialMessage: stream?.currentMessageSnapshot as Message | undefined,
    });
    this.#unlink();
    this.#abort.abort(reason);
    return this.#failure;
  }
}

/** After these the conversation goes on, where there is something to go on with. */
const GOES_ON: ReadonlySet<string | null> = new Set(['tool_use', 'pause_turn']);

/** A turn of the conversations that `M` is the answer in. */
type ParamOf<M extends AnyMessage> = BetaOnlyBlock extends M['content'][number]
  ? BetaMessageParam
  : MessageParam;
