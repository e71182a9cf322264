import type { ToolUseBlock } from '../wire/blocks.js';
import type { ToolResultBlockParam } from '../wire/content-params.js';

/** What happens to the calls of a turn, as readers of `runner.events` get it. */
export type ToolEvent = ToolStartEvent | ToolUpdateEvent | ToolResultEvent;

/** A tool begins to run: its input is whole and valid, and the call approved. */
export interface ToolStartEvent {
  type: 'tool_start';
  toolUse: ToolUseBlock;
}

/** What a tool gave to `emit`. */
export interface ToolUpdateEvent {
  type: 'tool_update';
  toolUse: ToolUseBlock;
  update: unknown;
}

/** A call has its result; `is_error` where it failed, or was not made. */
export interface ToolResultEvent {
  type: 'tool_result';
  toolUse: ToolUseBlock;
  /** As the model gets it. */
  result: ToolResultBlockParam;
}

/** The tool events of one turn. They are kept: a reader that comes late gets them all. */
export class ToolLog {
  readonly events: ToolEvent[] = [];
  readonly #listeners = new Set<() => void>();
  #isClosed = false;

  /** Whether there will be no more. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  push(event: ToolEvent): void {
    if (this.#isClosed) return;
    this.events.push(event);
    for (const listener of this.#listeners) listener();
  }

  close(): void {
    this.#isClosed = true;
    for (const listener of this.#listeners) listener();
  }

  /** Calls back after each change. @returns a function that ends that. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
