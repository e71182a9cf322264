import { unlessAborted } from '../transport/on-abort.js';
import type { AnyMessage } from '../wire/beta.js';
import type { ToolUseBlock } from '../wire/blocks.js';
import type { ToolResultBlockParam } from '../wire/content-params.js';
import { type Approve, type CallSetup, failed, runCall } from './run-call.js';
import type { Slots } from './slots.js';
import type { ToolLog } from './tool-events.js';

/** What the calls of a turn need. */
export interface CallsSetup extends Pick<CallSetup, 'tools' | 'approve' | 'signal' | 'inContext'> {
  slots: Slots;
  log: ToolLog;
}

/** The tool calls of one turn. Each runs once, however often its result is asked for. */
export class Calls {
  readonly #setup: CallsSetup;
  readonly #made = new Map<string, Promise<ToolResultBlockParam>>();
  /** Settles with the last call of `approve`: people answer one question at a time. */
  #asked: Promise<unknown> = Promise.resolve();

  constructor(setup: CallsSetup) {
    this.#setup = setup;
  }

  /** Runs a call, as soon as there is a slot for it. */
  make(toolUse: ToolUseBlock): Promise<ToolResultBlockParam> {
    const made = this.#made.get(toolUse.id) ?? this.#run(toolUse);
    this.#made.set(toolUse.id, made);
    // `results` rejects with the error; a call that runs early may fail before that.
    made.catch(() => {});
    return made;
  }

  /**
   * The results of a message's calls, in the order of the calls.
   * @param isStopped the conversation ends here: calls that have not run are not run.
   * @throws what `approve` threw, or the signal's reason (rejects).
   */
  results(message: AnyMessage, isStopped: boolean): Promise<ToolResultBlockParam[]> {
    const why = `This call was not run: the response stopped with ${message.stop_reason}.`;
    return Promise.all(
      callsIn(message).map((toolUse) =>
        isStopped && !this.#made.has(toolUse.id) ? failed(toolUse, why) : this.make(toolUse),
      ),
    );
  }

  async #run(toolUse: ToolUseBlock): Promise<ToolResultBlockParam> {
    const { slots, signal, log, tools, inContext } = this.#setup;
    let isDone = false;
    const setup: CallSetup = {
      tools,
      signal,
      inContext,
      approve: (call) => this.#approve(call),
      started: () => log.push({ type: 'tool_start', toolUse }),
      emit: (update) => {
        if (!isDone) log.push({ type: 'tool_update', toolUse, update });
      },
    };
    const result = await slots.use(() => {
      signal.throwIfAborted();
      return unlessAborted(runCall(toolUse, setup), signal);
    });
    isDone = true;
    log.push({ type: 'tool_result', toolUse, result });
    return result;
  }

  #approve(call: Parameters<Approve>[0]): Promise<boolean | string> {
    const answer = this.#asked.then(() => this.#setup.approve(call));
    this.#asked = answer.catch(() => {});
    return answer;
  }
}

/** The calls in a message that are run here. */
export function callsIn({ content }: AnyMessage): ToolUseBlock[] {
  return content.filter((block) => block.type === 'tool_use');
}
