import { traceSource } from '../stream/traced-source.js';
import { traceRun } from '../trace/run-trace.js';
import { type MadeCall, traceCall } from '../trace/trace-call.js';
import type { ApiRequest, ResolvedOptions } from '../transport/options.js';
import type { TracedCall } from './made-call.js';

export { traceRun };

/** A call whose requests report to its trace, and carry what its sinks add to them. */
export function traceRequest(
  settings: ResolvedOptions,
  call: ApiRequest,
  of: Omit<MadeCall, 'path'>,
): TracedCall {
  const trace = traceCall(settings, { ...of, path: call.path });
  if (trace === undefined) return { call, settings, toTraced: (source) => source };
  const { report } = trace;
  return {
    call,
    trace,
    settings: { ...settings, report, transport: trace.carry(settings.transport) },
    toTraced: (source) => traceSource(trace, source),
  };
}
