import type { Message, MessageStreamEvent } from '../../index.js';
import type { Output } from './output.js';

/** How an answer is shown on stdout. */
export interface View {
  event?(event: MessageStreamEvent): Promise<void> | undefined;
  /**
   * The answer has ended, complete or not.
   * @param message what has arrived of it.
   * @returns why it isn't what the user asked for, if it isn't.
   */
  end?(message: Message | undefined): Promise<ViewProblem | undefined>;
}

/** An answer that arrived, but isn't what the user asked for. */
export interface ViewProblem {
  code: number;
  message: string;
}

export type ViewFactory = (output: Output) => View;
