import type { Answer } from '../script/answer-reply.js';

/** Something that goes wrong on the way of an answer. Plain data, made by the functions of `fault`. */
export interface Fault {
  /** Such as `cut`, and where: `cut@text`. */
  readonly name: string;
  /** The answer as it comes out. */
  readonly apply: (answer: Answer, requestId: string) => Answer;
}

/**
 * Where in a body something happens: after so many bytes, after so many events, after the first event
 * of a type, or in a phase of the message. A place that a body never gets to does nothing.
 */
export type Place =
  | { readonly byte: number }
  | { readonly event: number | string }
  | { readonly phase: Phase };

/**
 * - `headers`: they came, and nothing of the body.
 * - `text`, `thinking`, `tool_input`: right after the first delta of such a block that says anything.
 * - `between_blocks`: after the first block.
 * - `end`: after `message_delta`, before `message_stop`.
 */
export type Phase = 'headers' | 'text' | 'thinking' | 'tool_input' | 'between_blocks' | 'end';
