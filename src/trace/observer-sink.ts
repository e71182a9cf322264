import type { ObservedAttempt, ObservedCall, Observer } from '../observe.js';
import type { AttemptContext, StreamContext } from './contexts.js';
import type { Note, Sink } from './sink.js';

/** An `observe` option as a sink. */
export function observerSink(observe: Observer): Sink {
  return {
    noted: (note, stream, attempt) => {
      if (note.type === 'restart') observe({ ...note, ...callOf(stream) });
      else observe({ ...DETAILS[note.type](note as never, stream, attempt as AttemptContext) });
    },
    ended: (kind, context) => {
      if (kind !== 'stream') return;
      const stream = context as StreamContext;
      const { outcome = 'failed', ms = 0, attempts, recoveries, usage, error } = stream;
      const end = { outcome, ms, attempts, recoveries, usage, error };
      observe({ type: 'end', ...end, ...callOf(stream) });
    },
  };
}

const DETAILS: {
  readonly [T in Exclude<Note['type'], 'restart'>]: (
    note: Extract<Note, { type: T }>,
    stream: StreamContext,
    attempt: AttemptContext,
  ) => Parameters<Observer>[0];
} = {
  request: (_, stream, { attempt, method, url, ...ids }) => ({
    ...{ type: 'request', attempt, method, url },
    ...attemptOf(stream, ids),
  }),
  response: (_, stream, { status = 0, requestId, responseMs: ms = 0, ...ids }) => ({
    ...{ type: 'response', status, requestId, ms },
    ...attemptOf(stream, ids),
  }),
  firstContent: (_, stream, attempt) => ({
    ...{ type: 'firstContent', ms: stream.firstContentMs ?? 0 },
    ...attemptOf(stream, attempt),
  }),
  retry: (note, stream, attempt) => ({ ...note, ...attemptOf(stream, attempt) }),
  recover: (note, stream, attempt) => ({ ...note, ...attemptOf(stream, attempt) }),
};

function callOf({ streamId, runId, turn }: StreamContext): ObservedCall {
  return runId === undefined || turn === undefined ? { streamId } : { streamId, runId, turn };
}

function attemptOf(
  stream: StreamContext,
  { attemptId }: Pick<AttemptContext, 'attemptId'>,
): ObservedAttempt {
  return { ...callOf(stream), attemptId };
}
