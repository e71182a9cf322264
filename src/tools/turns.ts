import type { AnthropicError } from '../errors.js';
import { addUsage } from '../stream/recover/add-usage.js';
import type { RunTrace } from '../trace/run-trace.js';
import type { AnyMessage } from '../wire/beta.js';
import type { ToolUseBlock } from '../wire/blocks.js';
import { applyChanges } from './apply-changes.js';
import { availableTools } from './available-tools.js';
import { Calls } from './calls.js';
import { compactedParams, isLong, summaryParams } from './compact.js';
import type { CompactOptions } from './compact-options.js';
import { continues, isLastTurn } from './is-last-turn.js';
import { MaxTurnsError } from './max-turns-error.js';
import { nextTurnParams, type RunParams } from './next-turn-params.js';
import type { RunChanges } from './run-changes.js';
import { toolsByName } from './runner-options.js';
import type { RunnerSettings } from './settle-runner.js';
import { type Steps, wait } from './steps.js';
import { ToolLog } from './tool-events.js';
import type { Driver, DriverKind, Started, Turn } from './turn.js';

/** What the turns need of their runner, which knows when the run ends. */
export interface TurnsOwner<S> {
  readonly settings: RunnerSettings;
  /** What is changed while it runs. */
  readonly changes: RunChanges;
  readonly trace: RunTrace | undefined;
  /** Fires when the run ends before it is done. */
  readonly signal: AbortSignal;
  /** Opens the stream of a turn. */
  open: (params: RunParams) => S;
  /** The conversation has ended. */
  done: () => void;
  /** Ends the run, unless it has ended. @returns the error that it failed with. */
  failed: (error: unknown) => AnthropicError;
}

/** What the turns need of a stream, awaiting or blocking. */
export interface TurnStream extends TurnSnapshot {
  getFinalMessage(): AnyMessage | Promise<AnyMessage>;
  follow(
    blockSeen: (block: AnyMessage['content'][number]) => void,
    failed: (error: AnthropicError) => void,
  ): void;
}

interface TurnSnapshot {
  readonly currentMessageSnapshot: AnyMessage | undefined;
}

/** The turns of a run, for awaiting and blocking clients: each is opened when the one before it is finished. */
export class Turns<S extends TurnStream, K extends DriverKind> {
  readonly first: Turn<S, K>;
  readonly #owner: TurnsOwner<S>;
  readonly #driver: Driver<K>;
  /** Of all requests so far. */
  readonly #streams: S[] = [];
  readonly #callerParams: RunParams;
  #params: RunParams;
  #deferred: readonly ToolUseBlock[] = [];

  /** @param stream that of the first turn, opened with the params. */
  constructor(owner: TurnsOwner<S>, driver: Driver<K>, params: RunParams, stream: S) {
    this.#owner = owner;
    this.#driver = driver;
    this.#callerParams = params;
    this.#params = params;
    this.first = this.#turn(stream);
  }

  /** The params of the next request, or of the latest. */
  get params(): RunParams {
    return this.#params;
  }

  /** The calls that the run has ended without a result for. */
  get deferred(): readonly ToolUseBlock[] {
    return this.#deferred;
  }

  /** The usage of all requests so far. */
  get usage(): unknown {
    return usageOf(this.#streams);
  }

  #turn(stream: S): Turn<S, K> {
    const { settings, signal, failed, trace } = this.#owner;
    const { eager, ask, approvals, inContext, starts } = settings;
    const driver = this.#driver;
    const { tools: given, messages } = this.#params;
    const tools = availableTools(toolsByName(given), messages);
    const log = new ToolLog();
    const newId = (toolUse: ToolUseBlock): string => approvals.newId(toolUse);
    const calls = new Calls({ tools, ask, newId, signal, inContext, starts, driver, log, trace });
    stream.follow((block) => {
      if (block.type !== 'tool_use') return;
      try {
        if (eager(block)) driver.runEarly(calls.make(block), failed);
      } catch (error) {
        failed(error);
      }
    }, failed);
    let next: Started<Turn<S, K> | undefined>[K] | undefined;
    const turn: Turn<S, K> = {
      stream,
      log,
      next: () => {
        next ??= driver.start(this.#finish(turn, calls));
        return next;
      },
    };
    this.#streams.push(stream);
    return turn;
  }

  /** Finishes a turn: reads the rest, runs the calls, and opens the next turn if there is one. */
  *#finish({ stream, log }: Turn<S, K>, calls: Calls<K>): Steps<Turn<S, K> | undefined> {
    const { settings, signal, changes, done, failed } = this.#owner;
    try {
      const message = yield* wait(stream.getFinalMessage(), 'the stream');
      const isStopped = !continues(message);
      const { results, deferred } = yield* calls.results(message, isStopped);
      // The response may have been complete before the run was ended.
      signal.throwIfAborted();
      const next = nextTurnParams(this.#params, message, results, this.#callerParams, settings);
      const { params, goesOn } = yield* applyChanges(changes, next);
      signal.throwIfAborted();
      this.#params = params;
      this.#deferred = deferred.filter(({ id }) => isOpen(params, id));
      if (this.#deferred.length > 0 || (isLastTurn(message) && !goesOn)) {
        done();
        return undefined;
      }
      const { compact } = settings;
      if (compact !== undefined && isLong(message, compact)) yield* this.#compact(compact);
      return this.#turn(this.#open(this.#params));
    } catch (error) {
      throw failed(error);
    } finally {
      log.close();
    }
  }

  /** Replaces the conversation with a summary. */
  *#compact(compact: CompactOptions): Steps<void> {
    const stream = this.#open(summaryParams(this.#params, compact));
    this.#streams.push(stream);
    const summary = yield* wait(stream.getFinalMessage(), 'the stream');
    this.#params = compactedParams(this.#params, summary);
  }

  /** @throws MaxTurnsError where the run has sent as many requests as it may. */
  #open(params: RunParams): S {
    const { maxTurns } = this.#owner.settings;
    if (this.#streams.length < maxTurns) return this.#owner.open(params);
    throw new MaxTurnsError(maxTurns, [...this.#params.messages]);
  }
}

/** Whether a call is without a result. Pushed messages can have one, and setParams can take the call out. */
function isOpen({ messages }: RunParams, id: string): boolean {
  const blocks = messages.flatMap(({ content }) => (typeof content === 'string' ? [] : content));
  // Another turn may have used the id too.
  const at = blocks.findLastIndex((block) => block.type === 'tool_use' && block.id === id);
  const isResult = (block: (typeof blocks)[number]): boolean =>
    block.type === 'tool_result' && block.tool_use_id === id;
  return at !== -1 && !blocks.slice(at).some(isResult);
}

/** What all of a run's requests have used so far. */
export function usageOf(streams: readonly TurnSnapshot[]): unknown {
  return streams
    .map((stream) => stream.currentMessageSnapshot?.usage)
    .reduce(addUsage as never, undefined);
}
