import type { Attempt } from '../recording/attempt.js';
import type { RecordedFile } from '../recording/recorded-file.js';
import { Call } from './call.js';

/** The calls in all files: requests with one stream id are one call. */
export function groupCalls(files: Iterable<RecordedFile>, before: readonly Call[]): Call[] {
  const known = new Map(before.map((call) => [call.first, call]));
  const calls: Call[] = [];
  const byStream = new Map<string, Attempt[]>();
  for (const { name, attempts } of files) {
    attempts.forEach((attempt, number) => {
      const { streamId } = attempt.sent ?? {};
      const others = streamId === undefined ? undefined : byStream.get(streamId);
      if (others !== undefined) {
        others.push(attempt);
        return;
      }
      const call = known.get(attempt) ?? new Call(name, number, []);
      call.attempts.splice(0, Infinity, attempt);
      if (streamId !== undefined) byStream.set(streamId, call.attempts);
      calls.push(call);
    });
  }
  for (const { attempts } of calls) {
    attempts.sort((a, b) => (a.sent?.attempt ?? 0) - (b.sent?.attempt ?? 0));
  }
  return inOrder(calls);
}

/** By time where it is known, else as the files are; the calls of a run together. */
function inOrder(calls: Call[]): Call[] {
  const startOf = (call: Call): number => call.first.sent?.time ?? 0;
  const sorted = calls.sort((a, b) => startOf(a) - startOf(b));
  const runs = new Map<unknown, Call[]>();
  for (const call of sorted) {
    const key = call.runId ?? call;
    runs.set(key, [...(runs.get(key) ?? []), call]);
  }
  return [...runs.values()].flat();
}
