import { traceSource } from '../stream/traced-source.js';
import { traceRun } from '../trace/run-trace.js';
import { type MadeCall, traceCall } from '../trace/trace-call.js';
import type { TracedCall } from './made-call.js';

export { traceRun };

/** A call whose requests report to its trace, and carry what its sinks add to them. */
export function traceRequest(untraced: TracedCall, of: Omit<MadeCall, 'path'>): TracedCall {
  const { call, settings } = untraced;
  const trace = traceCall(settings, { ...of, path: call.path });
  if (trace === undefined) return untraced;
  const { report } = trace;
  return {
    ...untraced,
    trace,
    settings: { ...settings, report, transport: trace.carry(settings.transport) },
    toTraced: (source) => traceSource(trace, source),
  };
}
