import type { AnthropicError } from '../errors.js';
import { markHandled } from '../pull/mark-handled.js';
import type { MessageStream } from '../stream/message-stream.js';
import { addUsage } from '../stream/recover/add-usage.js';
import type { AnyMessage } from '../wire/beta.js';
import type { Message } from '../wire/message.js';
import { availableTools } from './available-tools.js';
import { Calls, callsIn } from './calls.js';
import { MaxTurnsError } from './max-turns-error.js';
import { isPaused, nextTurnParams, type RunParams } from './next-turn-params.js';
import { type RunnerEvent, runEvents } from './run-events.js';
import type { RunnerSettings } from './runner-options.js';
import { Slots } from './slots.js';
import { ToolLog } from './tool-events.js';
import { streamsOf, type Turn, textOf } from './turn.js';

/** What the loop needs of its runner, which knows when the run ends. */
export interface LoopOwner<S> {
  readonly settings: RunnerSettings;
  /** Fires when the run ends before it is done. */
  readonly signal: AbortSignal;
  /** Opens the stream of a turn. */
  open: (params: RunParams) => S;
  /** The conversation has ended. */
  done: () => void;
  /** Ends the run, unless it has ended. @returns the error that it failed with. */
  failed: (error: unknown) => AnthropicError;
}

/** The turns of a ToolRunner: each is opened when the one before it is finished. */
export class ToolLoop<
  M extends AnyMessage = Message,
  S extends MessageStream<M> = MessageStream<M>,
> {
  readonly #owner: LoopOwner<S>;
  readonly #slots: Slots;
  readonly #turns: Turn<S>[] = [];
  readonly #first: Turn<S>;
  readonly #callerParams: RunParams;
  #params: RunParams;

  /** @param stream that of the first turn, opened with the params. */
  constructor(owner: LoopOwner<S>, params: RunParams, stream: S) {
    this.#owner = owner;
    this.#slots = new Slots(owner.settings.maxParallel);
    this.#callerParams = params;
    this.#params = params;
    this.#first = this.#turn(stream);
  }

  /** The conversation so far. */
  get messages(): RunParams['messages'] {
    return this.#params.messages;
  }

  /** The usage of all turns so far. */
  get usage(): unknown {
    const usages = this.#turns.map(({ stream }) => stream.currentMessageSnapshot?.usage);
    return usages.reduce(addUsage as never, undefined);
  }

  /** The stream of each turn. */
  streams(): AsyncGenerator<S, undefined, undefined> {
    return streamsOf(this.#first);
  }

  /** The text of all turns. */
  text(): AsyncGenerator<string, undefined, undefined> {
    return textOf(this.#first);
  }

  /** The events of all turns, and of their calls. */
  events(): AsyncGenerator<RunnerEvent<M>, undefined, undefined> {
    return runEvents<M, S>(this.#first);
  }

  /** Runs to the end and resolves with the last message. */
  async complete(): Promise<M> {
    let last = this.#first.stream;
    for await (const stream of this.streams()) last = stream;
    return last.getFinalMessage();
  }

  #turn(stream: S): Turn<S> {
    const { settings, signal, failed } = this.#owner;
    const { eager, approve, inContext } = settings;
    const tools = availableTools(settings.tools, this.#params.messages);
    const log = new ToolLog();
    const calls = new Calls({ tools, approve, signal, inContext, slots: this.#slots, log });
    stream.follow((block) => {
      if (eager && block.type === 'tool_use') calls.make(block).catch(failed);
    }, failed);
    let next: Promise<Turn<S> | undefined> | undefined;
    const turn: Turn<S> = {
      stream,
      log,
      next: () => {
        next ??= markHandled(this.#finish(turn, calls));
        return next;
      },
    };
    this.#turns.push(turn);
    return turn;
  }

  /** Finishes a turn: reads the rest, runs the calls, and opens the next turn if there is one. */
  async #finish({ stream, log }: Turn<S>, calls: Calls): Promise<Turn<S> | undefined> {
    const { settings, signal, open, done, failed } = this.#owner;
    try {
      const message = await stream.getFinalMessage();
      const isStopped = !CONTINUES.has(message.stop_reason);
      const results = await calls.results(message, isStopped);
      // The response may have been complete before the run was ended.
      signal.throwIfAborted();
      this.#params = nextTurnParams(this.#params, message, results, this.#callerParams);
      if (isStopped || (callsIn(message).length === 0 && !isPaused(message))) {
        done();
        return undefined;
      }
      if (this.#turns.length >= settings.maxTurns) {
        throw new MaxTurnsError(settings.maxTurns, [...this.#params.messages]);
      }
      return this.#turn(open(this.#params));
    } catch (error) {
      throw failed(error);
    } finally {
      log.close();
    }
  }
}

/** The stop reasons after which a conversation continues. */
const CONTINUES: ReadonlySet<string | null> = new Set(['tool_use', 'pause_turn']);
