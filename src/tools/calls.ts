import { asAnthropicError } from '../errors.js';
import type { RunTrace } from '../trace/run-trace.js';
import type { AnyMessage } from '../wire/beta.js';
import type { ToolUseBlock } from '../wire/blocks.js';
import type { ToolResultBlockParam } from '../wire/content-params.js';
import { type Ask, type CallSetup, failed, runCall } from './run-call.js';
import type { StartGate } from './start-gate.js';
import type { Steps } from './steps.js';
import type { ToolLog, ToolStartEvent } from './tool-events.js';
import type { Driver, DriverKind, Started } from './turn.js';

/** What the calls of a turn need. */
export interface CallsSetup<K extends DriverKind>
  extends Pick<CallSetup, 'tools' | 'signal' | 'inContext'> {
  ask: Ask;
  newId: (toolUse: ToolUseBlock) => string;
  starts: StartGate;
  driver: Driver<K>;
  log: ToolLog;
  trace: RunTrace | undefined;
}

type Result = ToolResultBlockParam | undefined;

/** What became of the calls of a turn. */
export interface CallResults {
  /** In the order of the calls. */
  results: ToolResultBlockParam[];
  /** The calls whose result comes later. */
  deferred: ToolUseBlock[];
}

/** The tool calls of one turn. Each runs once, however often its result is asked for. */
export class Calls<K extends DriverKind> {
  readonly #setup: CallsSetup<K>;
  /** By block: a gateway may give two calls one id, or none. */
  readonly #made = new Map<ToolUseBlock, Started<Result>[K]>();

  constructor(setup: CallsSetup<K>) {
    this.#setup = setup;
  }

  /** Starts a call, unless it was started. */
  make(toolUse: ToolUseBlock): Started<Result>[K] {
    const made = this.#made.get(toolUse) ?? this.#setup.driver.startCall(this.#run(toolUse));
    this.#made.set(toolUse, made);
    return made;
  }

  /**
   * The results of a message's calls.
   * @param isStopped the conversation ends here: calls that have not run are not run.
   * @throws what `approve` threw, or the signal's reason.
   */
  *results(message: AnyMessage, isStopped: boolean): Steps<CallResults> {
    const why = `This call was not run: the response stopped with ${message.stop_reason}.`;
    const calls = callsIn(message);
    const values = calls.map((toolUse) =>
      isStopped && !this.#made.has(toolUse) ? this.#notRun(toolUse, why) : this.make(toolUse),
    );
    const all = (yield { values, from: 'the calls' }) as Result[];
    return {
      results: all.filter((result) => result !== undefined),
      deferred: calls.filter((_, at) => all[at] === undefined),
    };
  }

  #notRun(toolUse: ToolUseBlock, why: string): ToolResultBlockParam {
    const result = failed(toolUse, why);
    this.#setup.log.push({ type: 'tool_result', toolUse, result });
    return result;
  }

  *#run(toolUse: ToolUseBlock): Steps<Result> {
    const { signal, log, tools, ask, newId, inContext, starts } = this.#setup;
    const trace = this.#setup.trace?.tool(toolUse);
    signal.throwIfAborted();
    let isDone = false;
    const setup: CallSetup = {
      tools,
      signal,
      inContext,
      ask: (call) => {
        const asked = { id: newId(toolUse), ...call };
        const { id, input } = asked;
        return ask(asked, () => log.push({ type: 'tool_approval', id, toolUse, input }));
      },
      started: () => {
        // Until the run is closed.
        if (starts.isHeld) return new Promise(() => {});
        trace?.begin();
        const start: ToolStartEvent = { type: 'tool_start', toolUse };
        const passed = starts.passed(start);
        log.push(start);
        return passed;
      },
      within: (work) => (trace === undefined ? work() : trace.within(work)),
      emit: (update) => {
        if (!isDone) log.push({ type: 'tool_update', toolUse, update });
      },
    };
    try {
      const result = yield* runCall(toolUse, setup);
      isDone = true;
      signal.throwIfAborted();
      trace?.end(result?.is_error === true, undefined, result?.content);
      if (result !== undefined) log.push({ type: 'tool_result', toolUse, result });
      return result;
    } catch (error) {
      trace?.end(true, asAnthropicError(error));
      throw error;
    }
  }
}

/** The calls in a message that are run here. */
export function callsIn({ content }: AnyMessage): ToolUseBlock[] {
  return content.filter((block) => block.type === 'tool_use');
}
