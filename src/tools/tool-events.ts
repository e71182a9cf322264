import type { ToolUseBlock } from '../wire/blocks.js';
import type { ToolResultBlockParam } from '../wire/content-params.js';

/** An event of a tool call, in `runner.events`. */
export type ToolEvent = ToolApprovalEvent | ToolStartEvent | ToolUpdateEvent | ToolResultEvent;

/** `approve` is asked whether a call may run; with `approve: 'ask'` the run waits for `decide(id, …)`. */
export interface ToolApprovalEvent {
  type: 'tool_approval';
  /** Unique in the run. */
  id: string;
  toolUse: ToolUseBlock;
  /** As the tool will receive it: valid. */
  input: unknown;
}

/** A tool starts: its input is complete and valid, and the call approved. */
export interface ToolStartEvent {
  type: 'tool_start';
  toolUse: ToolUseBlock;
}

/** What a tool passed to `emit`. */
export interface ToolUpdateEvent {
  type: 'tool_update';
  toolUse: ToolUseBlock;
  update: unknown;
}

/** A call has its result; `is_error` where it failed, or was not run. */
export interface ToolResultEvent {
  type: 'tool_result';
  toolUse: ToolUseBlock;
  /** As it is sent to the model. */
  result: ToolResultBlockParam;
}

/** The tool events of one turn. They are kept: a late reader gets them all. */
export class ToolLog {
  readonly events: ToolEvent[] = [];
  readonly #listeners = new Set<() => void>();
  #isClosed = false;

  /** Whether there will be no more events. */
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

  /** Calls back after each change. @returns a function that removes the callback. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
