import type { Interrupter } from '../answer/interruption.js';

/** Where the messages of a chat come from. */
export interface ChatInput {
  /** A user is there, who decides what to do about a failure. */
  readonly isTerminal: boolean;
  /** The exit code of a signal that ended the chat; undefined without one. */
  readonly endCode: number | undefined;
  /** The next message; undefined after the last one. */
  next(): Promise<string | undefined>;
  /** Runs a task that Ctrl-C and signals interrupt. What is typed meanwhile is shown after it. */
  runInterruptible<T>(task: (interrupter: Interrupter) => Promise<T>): Promise<T>;
  close(): void;
}
