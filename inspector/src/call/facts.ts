import type { Attempt, Failure } from '../recording/attempt.js';
import type { Call } from './call.js';
import { memo } from './memo.js';
import { longestGapOf } from './silence.js';

export type State = 'running' | 'complete' | 'failed' | 'left';

/** What the list says of a call. Times in milliseconds; undefined is what was not recorded, or didn't happen. */
export interface Facts {
  readonly state: State;
  readonly model: string;
  readonly requestId: string | undefined;
  readonly status: number | undefined;
  readonly stopReason: string | undefined;
  /** `complete`, the name of an error, or how it ended else. */
  readonly outcome: string;
  readonly failure: Failure | undefined;
  readonly firstByte: number | undefined;
  readonly firstContent: number | undefined;
  readonly total: number | undefined;
  /** Output tokens a second, from the first content on. */
  readonly rate: number | undefined;
  readonly tokens:
    | { readonly in: number; readonly cached: number; readonly out: number | undefined }
    | undefined;
  readonly retries: number;
  readonly recoveries: number;
  readonly longestGap: number | undefined;
}

export const factsOf = memo((call: Call): Facts => {
  const { last, isTimed } = call;
  const message = (call.attempts.findLast(({ message }) => message) ?? last).message;
  const failure = last.failure;
  const state = stateOf(last, failure);
  // Up to its stop reason a message has placeholders.
  const tokens = tokensOf(message?.usage, message?.stop_reason != null);
  const firstContent = firstContentOf(call);
  const total = isTimed ? endOf(call) : undefined;
  const seconds = ((total ?? 0) - (firstContent ?? 0)) / 1_000;
  return {
    state,
    model: textOf(message?.model) ?? textOf((last.request?.body as Body)?.model) ?? 'unknown model',
    requestId: last.response?.headers['request-id'],
    status: last.request === undefined ? undefined : last.response?.status,
    stopReason: textOf(message?.stop_reason),
    outcome: failure?.name ?? OUTCOMES[state],
    failure,
    firstByte: firstByteOf(call),
    firstContent,
    total,
    rate:
      tokens?.out !== undefined && firstContent !== undefined && seconds > 0
        ? tokens.out / seconds
        : undefined,
    tokens,
    retries: notesOf(call, 'retry'),
    recoveries: notesOf(call, 'recover'),
    longestGap: longestGapOf(call),
  };
});

type Body = { model?: unknown } | undefined;

const OUTCOMES: Readonly<Record<State, string>> = {
  running: 'running',
  complete: 'complete',
  failed: 'failed',
  left: 'client left',
};

function stateOf(last: Attempt, failure: Failure | undefined): State {
  if (last.isComplete) return 'complete';
  if (last.end?.end === 'left') {
    return failure === undefined || failure.name === 'APIUserAbortError' ? 'left' : 'failed';
  }
  if (failure !== undefined) return 'failed';
  // Another kind of response, such as a count of tokens.
  return last.end === undefined ? 'running' : 'complete';
}

/** When the response of a call was over; tools may run on. */
export function endOf(call: Call): number {
  const { last } = call;
  return call.offsetOf(last) + (last.end?.at ?? last.lastAt);
}

function firstByteOf(call: Call): number | undefined {
  if (!call.isTimed) return undefined;
  const answered = call.attempts.filter(({ chunks, response }) => response && chunks.length > 0);
  const found = answered.find(({ response }) => response && response.status < 300) ?? answered[0];
  const at = found?.responseAt ?? found?.chunks[0]?.at;
  return found && at !== undefined ? call.offsetOf(found) + at : undefined;
}

function firstContentOf(call: Call): number | undefined {
  const found = call.attempts.find(({ firstContent }) => firstContent !== undefined);
  if (!call.isTimed || found?.firstContent === undefined) return undefined;
  return call.offsetOf(found) + (found.times[found.firstContent] ?? 0);
}

function notesOf(call: Call, name: 'retry' | 'recover'): number {
  return call.attempts.flatMap(({ notes }) => notes).filter((note) => note.name === name).length;
}

function tokensOf(
  usage: Record<string, unknown> | null | undefined,
  isFinal: boolean,
): Facts['tokens'] {
  if (usage == null) return undefined;
  const number = (name: string): number => Number(usage[name] ?? 0) || 0;
  const cached = number('cache_read_input_tokens');
  const input = number('input_tokens') + cached + number('cache_creation_input_tokens');
  return { in: input, cached, out: isFinal ? number('output_tokens') : undefined };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
