import type { Attempt } from '../recording/attempt.js';
import { GAP_MS, type Wait } from '../recording/waits.js';
import type { Call } from './call.js';
import { memo } from './memo.js';

/** A time without content, after the first content. */
export interface Silence {
  /** After the start of the call. */
  readonly from: number;
  readonly to: number;
  readonly attempt: Attempt;
  /** The number of the event before it. */
  readonly after: number;
  readonly pings: number;
  /** How long the program itself did not ask for more, meanwhile. */
  readonly away: number;
  /** It is not over: nothing followed. */
  readonly isLast: boolean;
}

/** A wait that readers notice, in milliseconds; as in the client's channels. */
export const STALL_MS = 10_000;

export function silenceMs({ from, to }: Silence): number {
  return to - from;
}

/** The waits of a second and more, and longer than most, by time. */
export const silencesOf = memo((call: Call): Silence[] => {
  if (!call.isTimed) return [];
  return call.attempts.flatMap((attempt) => {
    const { waits } = attempt;
    const open = openWait(attempt);
    const least = Math.max(GAP_MS, waits.usual * 5);
    return [...waits.long, ...(open ? [open] : [])]
      .filter(({ ms }) => ms >= least)
      .map((wait) => toSilence(call, attempt, wait, wait === open));
  });
});

/** The longest time without content after the first. */
export function longestGapOf({ isTimed, attempts }: Call): number | undefined {
  if (!isTimed) return undefined;
  return Math.max(
    ...attempts.map((attempt) => Math.max(attempt.waits.longest, openWait(attempt)?.ms ?? 0)),
  );
}

/** The wait that nothing followed. */
function openWait(attempt: Attempt): Wait | undefined {
  return attempt.isComplete ? undefined : attempt.waits.open(attempt.end?.at ?? attempt.lastAt);
}

function toSilence(
  call: Call,
  attempt: Attempt,
  { after, from, ms }: Wait,
  isLast: boolean,
): Silence {
  const offset = call.offsetOf(attempt);
  const to = from + ms;
  const pings = [...attempt.pings].filter((ping) => {
    const at = attempt.times[ping] as number;
    return ping > after && at <= to;
  }).length;
  const away = awayOf(attempt)
    .map((away) => Math.min(to, away.to) - Math.max(from, away.from))
    .filter((overlap) => overlap > 0)
    .reduce((sum, overlap) => sum + overlap, 0);
  return { from: from + offset, to: to + offset, attempt, after, pings, away, isLast };
}

/** When the program did not ask for more; times of the attempt. */
export function awayOf(attempt: Attempt): { from: number; to: number }[] {
  return attempt.notes.flatMap((note) =>
    note.name === 'read' ? [{ from: note.at - note.value.away, to: note.at }] : [],
  );
}
