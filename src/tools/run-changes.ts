import { AnthropicError } from '../errors.js';
import type { MessageParam } from '../wire/params.js';
import type { RunParams } from './next-turn-params.js';
import { type RunnerTool, toolsByName } from './runner-options.js';
import { type Steps, wait } from './steps.js';

/**
 * Params to set, or a function that returns them from those of the next request; a promise of them, where the
 * client is one that awaits.
 */
export type ParamsChange<P> = Partial<P> | ((params: P) => Partial<P> | Promise<Partial<P>>);

type Change = (params: RunParams) => RunParams | Steps<RunParams>;

/** What a run's owner changes while it runs: it takes effect with the next request. */
export class RunChanges {
  #changes: Change[] = [];
  #pushes = 0;
  #over: string | undefined;

  /** Messages after those of the turn: with them, the run goes on. @throws AnthropicError after its end. */
  push(messages: readonly MessageParam[]): void {
    this.#pushes += messages.length;
    this.#add((params) => ({ ...params, messages: [...params.messages, ...messages] }));
  }

  /** @throws AnthropicError after the end of the run, or for tools that can't be run. */
  set(change: ParamsChange<RunParams>): void {
    if (typeof change !== 'function' && 'tools' in change) toolsByName(change.tools);
    this.#add(function* (params) {
      const given = typeof change === 'function' ? change(params) : change;
      const changed = yield* wait(given, 'the function of setParams');
      const { messages = params.messages } = changed;
      return { ...params, ...changed, messages: [...messages] };
    });
  }

  /** A tool with the name of another one replaces it. @throws as `set` does. */
  addTools(tools: readonly RunnerTool[]): void {
    toolsByName(tools);
    const names = new Set(tools.map(({ name }) => name));
    this.#add((params) => ({
      ...params,
      tools: [...toolsOf(params).filter(({ name }) => !names.has(name)), ...tools],
    }));
  }

  /** @throws as `set` does. */
  removeTools(names: readonly string[]): void {
    this.#add((params) => ({
      ...params,
      tools: toolsOf(params).filter(({ name }) => !names.includes(String(name))),
    }));
  }

  /** The params of the next request, and whether there must be one. */
  *apply(params: RunParams): Steps<{ params: RunParams; goesOn: boolean }> {
    let changed = params;
    // There may be more of them while one is waited for.
    for (let change = this.#changes.shift(); change !== undefined; change = this.#changes.shift()) {
      const next = change(changed);
      changed = 'messages' in next ? next : yield* next;
    }
    const goesOn = this.#pushes > 0;
    this.#pushes = 0;
    return { params: changed, goesOn };
  }

  /** From here on a change would do nothing, and is refused. */
  end(why: string): void {
    this.#over ??= why;
  }

  #add(change: Change): void {
    if (this.#over !== undefined) {
      throw new AnthropicError(
        `${this.#over}: to go on, make a runner with messages: runner.messages`,
      );
    }
    this.#changes.push(change);
  }
}

const toolsOf = ({ tools }: RunParams): readonly RunnerTool[] =>
  (tools ?? []) as readonly RunnerTool[];
