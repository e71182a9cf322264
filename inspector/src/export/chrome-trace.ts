import type { Call } from '../call/call.js';
import { silencesOf } from '../call/silence.js';
import type { Attempt } from '../recording/attempt.js';

/** An event of Chrome's trace format; times in microseconds. */
interface TraceEvent {
  readonly name: string;
  readonly ph: 'X' | 'i' | 'M';
  readonly ts?: number;
  readonly dur?: number;
  readonly pid: number;
  readonly tid: number;
  readonly s?: 't';
  readonly args?: object;
}

/** Rows of a process. */
const THREADS = ['requests', 'blocks', 'events', 'silence', 'tools'] as const;

/** Calls as a trace for Perfetto or chrome://tracing: one process for each call. */
export function toChromeTrace(calls: readonly Call[]): { traceEvents: TraceEvent[] } {
  const start = calls[0]?.first.sent?.time ?? 0;
  return {
    traceEvents: calls.flatMap((call, at) => {
      const begin = Math.max(0, (call.first.sent?.time ?? start) - start);
      return toEvents(call, at + 1, begin);
    }),
  };
}

function toEvents(call: Call, pid: number, begin: number): TraceEvent[] {
  const names = [
    { name: 'process_name', ph: 'M' as const, pid, tid: 0, args: { name: call.id } },
    ...THREADS.map((name, tid) => ({
      ...{ name: 'thread_name', ph: 'M' as const, pid, tid },
      args: { name },
    })),
  ];
  const span = (
    thread: (typeof THREADS)[number],
    name: string,
    from: number,
    to: number,
  ): TraceEvent => ({
    ...{ name, ph: 'X', pid, tid: THREADS.indexOf(thread) },
    ...{ ts: (begin + from) * 1_000, dur: Math.max(0, to - from) * 1_000 },
  });
  const silences = silencesOf(call).map(({ from, to, pings }) => ({
    ...span('silence', 'no content', from, to),
    args: { pings },
  }));
  const spans = call.attempts.flatMap((attempt) => attemptSpans(call, attempt, span));
  const instants = call.attempts.flatMap((attempt) => {
    const offset = begin + call.offsetOf(attempt);
    return attempt.events.map(
      ({ event, data, at }): TraceEvent => ({
        ...{ name: event || 'event', ph: 'i', s: 't', pid, tid: THREADS.indexOf('events') },
        ...{ ts: (offset + at) * 1_000, args: { bytes: data.length } },
      }),
    );
  });
  return [...names, ...spans, ...silences, ...instants];
}

function attemptSpans(
  call: Call,
  attempt: Attempt,
  span: (thread: (typeof THREADS)[number], name: string, from: number, to: number) => TraceEvent,
): TraceEvent[] {
  const offset = call.offsetOf(attempt);
  const { times, blocks, notes, response, lastAt, end } = attempt;
  const at = (event: number | undefined): number =>
    offset + (times[event ?? -1] ?? end?.at ?? lastAt);
  const name = response === undefined ? 'no response' : `HTTP ${response.status}`;
  return [
    span('requests', name, offset, offset + (end?.at ?? lastAt)),
    ...blocks.map(({ label, from, to }) => span('blocks', label, at(from), at(to))),
    ...notes.flatMap(({ name, value, at }) =>
      name === 'tool' ? [span('tools', value.name, offset + at - value.ms, offset + at)] : [],
    ),
  ];
}
