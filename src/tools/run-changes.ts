import { AnthropicError } from '../errors.js';
import type { MessageParam } from '../wire/params.js';
import type { RunParams } from './next-turn-params.js';
import { type RunnerTool, toolsByName } from './runner-options.js';

/** Params to set, or a function that returns them from those of the next request. */
export type ParamsChange<P> = Partial<P> | ((params: P) => Partial<P>);

/** What a run's owner changes while it runs: it takes effect with the next request. */
export class RunChanges {
  #changes: ((params: RunParams) => RunParams)[] = [];
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
    this.#add((params) => {
      const changed = typeof change === 'function' ? change(params) : change;
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
  apply(params: RunParams): { params: RunParams; goesOn: boolean } {
    const changes = this.#changes;
    const goesOn = this.#pushes > 0;
    this.#changes = [];
    this.#pushes = 0;
    return { params: changes.reduce((changed, change) => change(changed), params), goesOn };
  }

  /** From here on a change would do nothing, and is refused. */
  end(why: string): void {
    this.#over ??= why;
  }

  #add(change: (params: RunParams) => RunParams): void {
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
