import type { ToolStartEvent } from './tool-events.js';

/**
 * Holds tools back until the log of their run has their start: a call without one in the log has not run, whenever
 * its process dies. Open unless the run is recorded.
 */
export class StartGate {
  #waiting: Map<ToolStartEvent, () => void> | undefined;
  #isHeld = false;

  /** From now on a tool waits for `recorded`. */
  close(): void {
    this.#waiting ??= new Map();
  }

  /** From now on no tool starts. */
  hold(): void {
    this.#isHeld = true;
  }

  /** Whether no more tools start. */
  get isHeld(): boolean {
    return this.#isHeld;
  }

  /** @returns a promise that resolves once the event is recorded; undefined where nothing records the run. */
  passed(event: ToolStartEvent): Promise<void> | undefined {
    const waiting = this.#waiting;
    return waiting && new Promise((resolve) => waiting.set(event, resolve));
  }

  /** The log has the start of a tool, which may run. */
  recorded(event: ToolStartEvent): void {
    this.#waiting?.get(event)?.();
    this.#waiting?.delete(event);
  }
}
