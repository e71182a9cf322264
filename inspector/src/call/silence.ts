import type { Attempt } from '../recording/attempt.js';
import { countUpTo } from '../recording/block-track.js';
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

/** A wait that is worth a notice, and one that readers notice, in milliseconds; as in the client's channels. */
export const GAP_MS = 1_000;
export const STALL_MS = 10_000;

export function silenceMs({ from, to }: Silence): number {
  return to - from;
}

/** The waits of a second and more, and longer than most, by time. */
export const silencesOf = memo((call: Call): Silence[] => {
  if (!call.isTimed) return [];
  return call.attempts.flatMap((attempt) => {
    const waits = waitsOf(attempt, attempt.end?.at ?? attempt.lastAt);
    const usual = medianOf(waits.map(({ ms }) => ms));
    return waits
      .filter(({ ms }) => ms >= Math.max(GAP_MS, usual * 5))
      .map((wait) => toSilence(call, attempt, wait));
  });
});

/** The longest time without content after the first. */
export function longestGapOf(call: Call): number | undefined {
  if (!call.isTimed) return undefined;
  const waits = call.attempts.flatMap((attempt) =>
    waitsOf(attempt, attempt.end?.at ?? attempt.lastAt),
  );
  return waits.reduce((most, { ms }) => Math.max(most, ms), 0);
}

interface Wait {
  after: number;
  from: number;
  ms: number;
  isLast: boolean;
}

function waitsOf(attempt: Attempt, end: number): Wait[] {
  const { times, pings, firstContent } = attempt;
  if (firstContent === undefined) return [];
  const waits: Wait[] = [];
  let after = firstContent;
  for (let number = firstContent + 1; number < times.length; number++) {
    if (pings.has(number)) continue;
    const from = times[after] as number;
    waits.push({ after, from, ms: (times[number] as number) - from, isLast: false });
    after = number;
  }
  if (!attempt.isComplete) {
    const from = times[after] as number;
    waits.push({ after, from, ms: Math.max(0, end - from), isLast: true });
  }
  return waits;
}

function toSilence(call: Call, attempt: Attempt, { after, from, ms, isLast }: Wait): Silence {
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

function medianOf(numbers: number[]): number {
  const sorted = numbers.filter((ms) => ms > 0).sort((a, b) => a - b);
  return sorted[countUpTo(sorted, -1) + (sorted.length >> 1)] ?? 0;
}
