import { type FollowContext, newId, type RelayContext, type TraceHeaders } from './contexts.js';
import { fanOut } from './fan-out.js';
import { sinksOf } from './instruments.js';
import { outcomeOf } from './outcome.js';

/** One process's turn as the producer of a relayed stream, reported to those who listen. It ends once. */
export interface RelayTrace {
  /** What leads to its span, for those who follow the stream, and who take it over. */
  readonly headers: TraceHeaders;
  /** Makes the call in its context. Where that throws, the turn is over. */
  within<T>(work: () => T): T;
  end(requestId: string | undefined, error?: Error): void;
}

/** @returns undefined where nothing listens. */
export function traceRelay(
  client: object | undefined,
  epoch: number,
  before?: TraceHeaders,
): RelayTrace | undefined {
  const told = fanOut({ observe: undefined, sinks: client && sinksOf(client) });
  if (told === undefined) return undefined;
  const context: RelayContext = { relayId: newId('rel'), epoch, before };
  const since = performance.now();
  told.tell((sink) => sink.begun?.('relay', context));
  const headers = {};
  told.tell((sink) => void Object.assign(headers, sink.headers?.(context, undefined)));
  const end: RelayTrace['end'] = (requestId, error) => {
    if (context.ms !== undefined) return;
    context.ms = Math.round(performance.now() - since);
    Object.assign(context, { requestId, outcome: outcomeOf(error) });
    if (error !== undefined) context.error = error;
    told.tell((sink) => sink.ended?.('relay', context));
  };
  return {
    headers,
    within: (work) => {
      try {
        return told.within('relay', context, work);
      } catch (error) {
        end(undefined, error as Error);
        throw error;
      }
    },
    end,
  };
}

/** One reader of a relayed stream, reported to those who listen. It begins and ends once. */
export interface FollowTrace {
  /** The first need. */
  begin(): void;
  /** @param producers what leads to the spans of those who produced the stream. */
  end(producers: readonly TraceHeaders[], error?: Error): void;
}

/** Called where the reader is made: its context is that of the trace. @returns undefined where nothing listens. */
export function traceFollow(client: object | undefined): FollowTrace | undefined {
  const told = fanOut({ observe: undefined, sinks: client && sinksOf(client) });
  if (told === undefined) return undefined;
  const context: FollowContext = { followId: newId('fol'), producers: [] };
  let since: number | undefined;
  return {
    begin: () => {
      if (since !== undefined) return;
      since = performance.now();
      told.tell((sink) => sink.begun?.('follow', context));
    },
    end: (producers, error) => {
      // A reader that nothing needed has not followed.
      if (since === undefined || context.ms !== undefined) return;
      context.ms = Math.round(performance.now() - since);
      Object.assign(context, { producers, outcome: outcomeOf(error) });
      if (error !== undefined) context.error = error;
      told.tell((sink) => sink.ended?.('follow', context));
    },
  };
}
