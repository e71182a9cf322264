import type { Answer } from './answer.js';
import type { EmulatorRequest } from './request.js';

/** Something that goes wrong with an answer. Create it with the functions of `fault`. */
export interface Fault {
  /** What `parseFaults` reads, such as `cut@text`. */
  readonly name: string;
  /** @internal */
  readonly apply: (answer: Answer, requestId: string) => Answer;
}

/** The faults of every answer, or a function that picks them by the answer's number (from 1) and request. */
export type Faults =
  | readonly Fault[]
  | ((number: number, request: EmulatorRequest) => readonly Fault[]);

/**
 * A place in a body: after so many bytes, after so many events, after the first event of a type, or in
 * a phase of the message. A place that a body never reaches has no effect.
 */
export type Place =
  | { readonly byte: number }
  | { readonly event: number | string }
  | { readonly phase: Phase };

/**
 * - `headers`: after the headers, before the body.
 * - `text`, `thinking`, `tool_input`: right after the first non-empty delta of such a block.
 * - `between_blocks`: after the first block.
 * - `end`: after `message_delta`, before `message_stop`.
 */
export type Phase = 'headers' | 'text' | 'thinking' | 'tool_input' | 'between_blocks' | 'end';
