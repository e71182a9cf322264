import type { UntypedEvent, UntypedMessage } from '../message/untyped.js';
import type { Report } from '../observe.js';
import type { Contexts, Progress, StreamContext, TraceHeaders } from './contexts.js';

export type Kind = keyof Contexts;
export type AnyContext = Contexts[Kind];

/** What runs: a request, a tool, the call that a relay makes. */
export type WorkKind = 'attempt' | 'tool' | 'relay';

/** Something that happened in a call. What more is known of it is in the contexts. */
export type Note =
  | { type: 'request' | 'response' | 'firstContent' }
  | Extract<Report, { type: 'retry' | 'recover' }>
  | { type: 'restart'; index: number };

/** What was said in a call: told only to sinks that ask for it. */
export type Content =
  | { type: 'params'; params: Readonly<Record<string, unknown>> }
  | { type: 'event'; event: UntypedEvent }
  | { type: 'message'; message: UntypedMessage }
  | { type: 'toolInput'; input: unknown }
  | { type: 'toolResult'; result: unknown };

/**
 * Gets what calls do, synchronously and in the async context of the call. What it throws is ignored.
 */
export interface Sink {
  begun?(kind: Kind, context: AnyContext): void;
  ended?(kind: Kind, context: AnyContext): void;
  noted?(note: Note, stream: StreamContext, attempt: Contexts['attempt'] | undefined): void;
  progressed?(progress: Progress): void;
  said?(content: Content, context: AnyContext): void;
  /** Headers for a request of the call, where those of the caller override them; or for the log of a relayed stream. */
  headers?(
    about: StreamContext | Contexts['relay'],
    attempt: Contexts['attempt'] | undefined,
  ): TraceHeaders;
  /** Runs something in a context of its own. It calls the work, once, and returns what that does. */
  within?<T>(kind: WorkKind, context: AnyContext, work: () => T): T;
}
