import { sendJson } from '../stream/send-json.js';
import { tracedAnswer } from '../stream/traced-answer.js';
import type { StreamTrace } from '../trace/stream-trace.js';
import { type MadeCall, traceCall } from '../trace/trace-call.js';
import type { ApiRequest, RequestOptions, ResolvedOptions } from '../transport/options.js';
import type { Answer } from './response-promise.js';

/** A request of a client, and its trace, if anything listens. */
export interface TracedCall {
  call: ApiRequest;
  settings: ResolvedOptions;
  trace: StreamTrace | undefined;
}

/** The call that is made now. */
export function traced(
  settings: ResolvedOptions,
  call: ApiRequest,
  of: Omit<MadeCall, 'path'>,
): TracedCall {
  const trace = traceCall(settings, { ...of, path: call.path });
  if (trace === undefined) return { call, trace, settings };
  const { report } = trace;
  return {
    call,
    trace,
    settings: { ...settings, report, transport: trace.carry(settings.transport) },
  };
}

/** A call whose response is one JSON document. */
export async function sendTraced<T>(
  { call, settings, trace }: TracedCall,
  options: RequestOptions,
): Promise<Answer<T>> {
  const send = (): Promise<Answer<T>> => sendJson<T>(settings, call, options);
  return trace === undefined ? send() : tracedAnswer(trace, send);
}
