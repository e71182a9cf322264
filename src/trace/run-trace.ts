import { newId, type ToolCallContext, type ToolRunContext } from './contexts.js';
import { type FanOut, fanOut } from './fan-out.js';
import type { Listeners } from './listeners.js';
import type { TurnOf } from './stream-trace.js';

/** A run of tools, reported to its listeners. It ends once. */
export class RunTrace {
  readonly #fanOut: FanOut;
  readonly #context: ToolRunContext;
  #since: number | undefined;
  #isEnded = false;

  constructor(fanOut: FanOut, model: string) {
    this.#fanOut = fanOut;
    this.#context = { runId: newId('run'), model, turns: 0 };
  }

  /** The turn of the stream that is opened now. */
  nextTurn(): TurnOf {
    return { runId: this.#context.runId, turn: ++this.#context.turns };
  }

  /** The first need. */
  begin(): void {
    if (this.#since !== undefined || this.#isEnded) return;
    this.#since = performance.now();
    this.#fanOut.tell((sink) => sink.begun?.('run', this.#context));
  }

  end(error?: Error): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    // A run that nothing needed has not happened.
    if (this.#since === undefined) return;
    this.#context.ms = Math.round(performance.now() - this.#since);
    if (error !== undefined) this.#context.error = error;
    this.#fanOut.tell((sink) => sink.ended?.('run', this.#context));
  }

  /** A call of a tool. One that does not begin is not reported. */
  tool(toolUse: { id: string; name: string; input?: unknown }): ToolTrace {
    const { runId, turns: turn } = this.#context;
    const context: ToolCallContext = { runId, turn, toolUseId: toolUse.id, name: toolUse.name };
    let since: number | undefined;
    return {
      begin: () => {
        since = performance.now();
        this.#fanOut.tell((sink) => {
          sink.begun?.('tool', context);
          sink.said?.({ type: 'toolInput', input: toolUse.input }, context);
        });
      },
      within: (work) => this.#fanOut.within('tool', context, work),
      end: (isError, error, result) => {
        if (since === undefined) return;
        context.ms = Math.round(performance.now() - since);
        context.isError = isError;
        if (error !== undefined) context.error = error;
        this.#fanOut.tell((sink) => {
          if (error === undefined) sink.said?.({ type: 'toolResult', result }, context);
          sink.ended?.('tool', context);
        });
      },
    };
  }
}

export interface ToolTrace {
  begin(): void;
  /** Runs the tool. */
  within<T>(work: () => T): T;
  /** @param isError the result is an error for the model, or there is none. */
  end(isError: boolean, error?: Error, result?: unknown): void;
}

/** A promise while the code for traces is loaded; undefined where nothing listens. */
export type MaybeRunTrace = RunTrace | Promise<RunTrace | undefined> | undefined;

/** The turn of such a trace. */
export type MaybeTurn = TurnOf | Promise<TurnOf | undefined> | undefined;

/** The trace of a run; undefined where nothing listens. */
export function traceRun(listeners: Listeners, params: unknown): RunTrace | undefined {
  const told = fanOut(listeners);
  const { model } = (params ?? {}) as { model?: unknown };
  return told && new RunTrace(told, String(model));
}
