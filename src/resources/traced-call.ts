import type { StreamTrace } from '../trace/stream-trace.js';
import { type MadeCall, traceCall } from '../trace/trace-call.js';
import type { ApiRequest, ResolvedOptions } from '../transport/options.js';

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
