import type { Call } from './call.js';
import { awayOf } from './silence.js';

/** When a clock of the client ends a call, after the start of the call. */
export interface Limit {
  readonly name: 'response' | 'idle' | 'stall' | 'total';
  readonly at: number;
}

/** The limits of a call that isn't complete, as they were after what is recorded of it. They don't run while the program is away. */
export function limitsOf(call: Call): Limit[] {
  const { last } = call;
  const { timeouts } = last.sent ?? {};
  if (timeouts === undefined || last.isComplete) return [];
  const { isSilenceExpected, progressAt = 0, responseAt, chunkTimes } = last;
  const offset = call.offsetOf(last);
  const asked = last.notes.findLast(({ name }) => name === 'read')?.at ?? 0;
  const heard = chunkTimes.at(-1) ?? responseAt;
  const away = call.attempts.flatMap(awayOf).reduce((sum, { from, to }) => sum + to - from, 0);
  const stall = isSilenceExpected ? timeouts.longStall : timeouts.stall;
  // biome-ignore format: a table
  const rows: [name: Limit['name'], since: number | undefined, ms: number | undefined][] = [
    ['response', heard === undefined ? offset : undefined, timeouts.response],
    ['idle', heard === undefined ? undefined : offset + Math.max(heard, asked), timeouts.idle],
    ['stall', offset + Math.max(progressAt, asked), stall],
    ['total', away, timeouts.total],
  ];
  return rows.flatMap(([name, since, ms]) =>
    since === undefined || ms === undefined ? [] : [{ name, at: since + ms }],
  );
}
