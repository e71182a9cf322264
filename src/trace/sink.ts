import type { Report } from '../observe.js';
import type { Contexts, Progress, StreamContext } from './contexts.js';

export type Kind = keyof Contexts;
export type AnyContext = Contexts[Kind];

/** Something that happened in a call. What more is known of it is in the contexts. */
export type Note =
  | { type: 'request' | 'response' | 'firstContent' }
  | Extract<Report, { type: 'retry' | 'recover' }>
  | { type: 'restart'; index: number };

/**
 * Gets what calls do, synchronously and in the async context of the call. What it throws is ignored.
 */
export interface Sink {
  begun?(kind: Kind, context: AnyContext): void;
  ended?(kind: Kind, context: AnyContext): void;
  noted?(note: Note, stream: StreamContext, attempt: Contexts['attempt'] | undefined): void;
  progressed?(progress: Progress): void;
}
