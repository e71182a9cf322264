import { AnthropicError } from '../errors.js';
import type { MessageParam } from '../wire/params.js';
import type { RunParams } from './next-turn-params.js';
import { type RunnerTool, toolsByName } from './runner-options.js';

/**
 * Params to set, or a function that returns them from those of the next request; a promise of them, where the
 * client is one that awaits.
 */
export type ParamsChange<P> = Partial<P> | ((params: P) => Partial<P> | Promise<Partial<P>>);

/** What a change does to the params of the next request: see `applyChanges`. */
export type Change =
  | { push: readonly MessageParam[] }
  | { set: ParamsChange<RunParams> }
  | { addTools: readonly RunnerTool[] }
  | { removeTools: readonly string[] };

/** What a run's owner changes while it runs: it takes effect with the next request. */
export class RunChanges {
  readonly #changes: Change[] = [];
  #over: string | undefined;

  /** @throws AnthropicError after the end of the run, or for tools that can't be run. */
  add(change: Change): void {
    if ('addTools' in change) toolsByName(change.addTools);
    if ('set' in change && 'tools' in change.set) toolsByName(change.set.tools);
    if (this.#over !== undefined) {
      throw new AnthropicError(
        `${this.#over}: to go on, make a runner with messages: runner.messages`,
      );
    }
    this.#changes.push(change);
  }

  /** The oldest change, which is then no longer here. */
  take(): Change | undefined {
    return this.#changes.shift();
  }

  /** From here on a change would do nothing, and is refused. */
  end(why: string): void {
    this.#over ??= why;
  }
}
