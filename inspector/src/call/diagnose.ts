import { count } from '../recording/framing.js';
import { toDuration } from '../show/duration.js';
import type { Call } from './call.js';
import { discardsOf } from './discards.js';
import { type Facts, factsOf } from './facts.js';
import { memo } from './memo.js';
import { awayOf, type Silence, STALL_MS, silenceMs, silencesOf } from './silence.js';

/** What happened to a call: one sentence, and what is unusual in its bytes. */
export interface Diagnosis {
  readonly sentence: string;
  readonly oddities: readonly string[];
}

export const diagnose = memo((call: Call): Diagnosis => {
  const facts = factsOf(call);
  const clauses = [
    startClause(call, facts),
    retryClause(call),
    silenceClause(silencesOf(call)),
    recoverClause(call),
    endClause(call, facts),
    readerClause(call),
  ];
  const sentence = clauses.filter((clause) => clause !== undefined).join('; ');
  return {
    sentence: `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`,
    oddities: call.last.framing.oddities,
  };
});

type Clause = string | undefined;

function startClause(call: Call, { firstContent, firstByte, status, state }: Facts): Clause {
  const hasContent = call.attempts.some(({ firstContent }) => firstContent !== undefined);
  if (!call.isTimed) return hasContent ? 'first token: not recorded' : 'no token';
  if (firstContent !== undefined) return `first token after ${toDuration(firstContent)}`;
  if (status !== undefined && status >= 300) {
    return `HTTP ${status} after ${toDuration(firstByte ?? call.end)}`;
  }
  if (state === 'complete' && call.last.events.length === 0) {
    return `answered after ${toDuration(firstByte ?? call.end)}`;
  }
  if (firstByte === undefined)
    return state === 'running' ? 'waiting for a response' : 'no response';
  return `headers after ${toDuration(firstByte)}, but no token`;
}

function retryClause({ attempts }: Call): Clause {
  const retries = attempts.flatMap(({ notes }) => notes.filter(({ name }) => name === 'retry'));
  if (retries.length === 0) return undefined;
  const names = retries.map(({ value }) => (value as { error: { name: string } }).error.name);
  const label = retries.length === 1 ? 'retry' : 'retries';
  return `${retries.length} ${label} after ${[...new Set(names)].join(' and ')}`;
}

function recoverClause(call: Call): Clause {
  const { attempts } = call;
  const recoveries = attempts.flatMap(({ notes }) =>
    notes.filter(({ name }) => name === 'recover'),
  );
  if (recoveries.length === 0) return undefined;
  const names = recoveries.map(({ value }) => (value as { error: { name: string } }).error.name);
  const label = recoveries.length === 1 ? 'recovery' : 'recoveries';
  const discarded = discardsOf(call).size;
  const loss = discarded === 0 ? '' : `, which discarded ${count(discarded, 'block')}`;
  return `${recoveries.length} ${label} after ${[...new Set(names)].join(' and ')}${loss}`;
}

function silenceClause(silences: readonly Silence[]): Clause {
  // Where the program itself did not read, the server was not silent.
  const waits = silences.filter((silence) => silence.away < silenceMs(silence) / 2);
  const [longest] = waits.toSorted((a, b) => silenceMs(b) - silenceMs(a));
  if (longest === undefined) return undefined;
  const ms = silenceMs(longest);
  const kind = ms >= STALL_MS ? 'stall' : 'pause';
  const pings = longest.pings > 0 ? ` while ${count(longest.pings, 'ping')} arrived` : '';
  const detail = `${toDuration(ms)} ${placeOf(longest)}${pings}`;
  if (waits.length === 1) return `one ${kind} of ${detail}`;
  return `${waits.length} pauses, the longest of ${detail}`;
}

/** Such as `in block 1 (text)`. */
function placeOf({ attempt, after }: Silence): string {
  const block = attempt.blocks.findLast(({ from }) => from <= after);
  if (block === undefined) return 'before the first block';
  const isOver = block.to !== undefined && block.to <= after;
  // The API runs it between its call and its result.
  if (isOver && block.start.type.endsWith('_tool_use')) return `while ${block.label} ran`;
  return `${isOver ? 'after' : 'in'} block ${block.index} (${block.label})`;
}

function endClause(call: Call, facts: Facts): string {
  const { last } = call;
  const { state, failure, stopReason } = facts;
  if (failure !== undefined && !last.isComplete) {
    // The id has a place of its own.
    const message = failure.message.replace(/ \(request [\w-]+\)$/, '');
    return `ended by ${failure.name}: ${message}`;
  }
  if (state === 'running') return 'no end so far';
  if (state === 'left') return leftClause(call);
  const total = facts.total === undefined ? '' : ` after ${toDuration(facts.total)}`;
  const reason = stopReason === undefined ? '' : ` (${stopReason})`;
  const isMissing = last.events.length > 0 && last.events.findLast(isStop) === undefined;
  return `complete${total}${reason}${isMissing ? ', without its message_stop' : ''}`;
}

function isStop({ event, data }: { event: string; data: string }): boolean {
  return event === 'message_stop' || (data.length < 2_000 && data.includes('"message_stop"'));
}

function leftClause(call: Call): string {
  const { last } = call;
  const at = last.end?.at ?? 0;
  const since = at - (last.chunks.at(-1)?.at ?? 0);
  const silence = since >= 1_000 ? `, ${toDuration(since)} after the last byte` : '';
  return `the client left after ${toDuration(call.offsetOf(last) + at)}${silence}`;
}

function readerClause({ attempts }: Call): Clause {
  const aways = attempts.flatMap(awayOf).map(({ from, to }) => to - from);
  const longest = Math.max(0, ...aways);
  if (longest < 500) return undefined;
  return `the reader was ${toDuration(longest)} behind`;
}
