import type { UntypedEvent } from '../message/untyped.js';
import { TOOL_RESULT, TOOL_START } from '../tools/run-wire.js';

/** The tools of a run that have started and have no result yet. */
export class RunningTools {
  readonly #ids = new Set<unknown>();
  #ended = (): void => {};

  /** Takes an event of the run. */
  take({ type, toolUse }: UntypedEvent): void {
    if (type !== TOOL_START && type !== TOOL_RESULT) return;
    const { id } = toolUse as { id?: unknown };
    if (type === TOOL_START) this.#ids.add(id);
    else this.#ids.delete(id);
    if (this.#ids.size === 0) this.#ended();
  }

  /** The run is over. */
  stop(): void {
    this.#ids.clear();
    this.#ended();
  }

  /** Resolves when none runs, or after a time in milliseconds. */
  async ended(ms: number): Promise<void> {
    if (this.#ids.size === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#ended = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
