import { newId, type RequestParams, type StreamContext } from './contexts.js';
import { fanOut } from './fan-out.js';
import type { Listeners } from './listeners.js';
import { StreamTrace, type TurnOf } from './stream-trace.js';

/** Where a call comes from. */
export interface Caller extends Listeners {
  baseURL: string;
  clock: { now(): number };
  transport?: { isFetch?: boolean | undefined };
}

/** A call that is made. */
export interface MadeCall {
  operation: StreamContext['operation'];
  path: string;
  /** As the caller passed them. */
  params: unknown;
  isBlocking?: boolean;
  turn?: TurnOf | undefined;
}

/** The trace of a call; undefined where nothing listens. */
export function traceCall(caller: Caller, call: MadeCall): StreamTrace | undefined {
  const told = fanOut(caller);
  if (told === undefined) return undefined;
  const { operation, path, turn, isBlocking = false } = call;
  const params = (call.params ?? {}) as Record<string, unknown>;
  const context: StreamContext = {
    streamId: newId('str'),
    ...(turn && turn),
    operation,
    isBlocking,
    model: String(params.model ?? ''),
    url: caller.baseURL + path,
    isFetch: caller.transport?.isFetch === true,
    params: shapeOf(params),
    attempts: 0,
    retries: 0,
    recoveries: 0,
    longestGapMs: 0,
    stalls: 0,
  };
  // Not the options: their signals know the stream, which may be dropped.
  const { clock } = caller;
  return new StreamTrace(told, context, () => clock.now(), params);
}

const SHAPING = [
  'max_tokens',
  'temperature',
  'top_p',
  'top_k',
  'stop_sequences',
  'service_tier',
  'stream',
] as const;

function shapeOf(params: Record<string, unknown>): RequestParams {
  const countOf = (list: unknown): number => (Array.isArray(list) ? list.length : 0);
  const given = SHAPING.filter((name) => params[name] != null).map((name) => [name, params[name]]);
  const thinking = (params.thinking as { type?: string } | null | undefined)?.type;
  return {
    ...(Object.fromEntries(given) as Partial<RequestParams>),
    ...(thinking !== undefined && { thinking }),
    messages: countOf(params.messages),
    tools: countOf(params.tools),
  };
}
