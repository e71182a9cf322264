import { loadOptional } from '../stream/load-optional.js';
import { READING } from '../stream/reading.js';
import { isHeard } from '../trace/listeners.js';
import type { MaybeRunTrace, MaybeTurn } from '../trace/run-trace.js';
import type { MadeCall } from '../trace/trace-call.js';
import type { ApiRequest, ResolvedOptions } from '../transport/options.js';
import type { TracedCall } from './made-call.js';

/** What a call is, in its trace; its turn can wait for the trace of its run. */
export interface CallOf extends Omit<MadeCall, 'path' | 'turn'> {
  turn?: MaybeTurn;
}

type Tracing = typeof import('./tracing.js');

let tracing: Tracing | undefined;

/** Where a sink comes with the code for traces, no call waits for it. */
export function provideTracing(code: Tracing): void {
  tracing = code;
}

/**
 * The call that is made now. A promise while the code for traces is loaded, with the first call that something
 * listens to; it never rejects, and where the code can't be loaded, the call has no trace.
 */
export function traced(
  settings: ResolvedOptions,
  call: ApiRequest,
  { turn, ...of }: CallOf,
): TracedCall | Promise<TracedCall> {
  const untraced: TracedCall = { call, settings, reading: READING, toTraced: (source) => source };
  if (!isHeard(settings)) return untraced;
  if (tracing !== undefined && !(turn instanceof Promise)) {
    return tracing.traceRequest(untraced, { ...of, turn });
  }
  const made = { ...of, params: copyOf(of.params) };
  return load().then(async (loaded) =>
    loaded === undefined ? untraced : loaded.traceRequest(untraced, { ...made, turn: await turn }),
  );
}

/** The trace of a run that is made now; undefined where nothing listens. */
export function tracedRun(settings: ResolvedOptions, params: object): MaybeRunTrace {
  if (!isHeard(settings)) return undefined;
  if (tracing !== undefined) return tracing.traceRun(settings, params);
  const made = { ...params };
  return load().then((loaded) => loaded?.traceRun(settings, made));
}

async function load(): Promise<Tracing | undefined> {
  const loaded = await loadOptional(import('./tracing.js'));
  tracing ??= loaded;
  return tracing;
}

/** Params as they are now, lists too: the caller may change them before the code is there. */
function copyOf(params: unknown): unknown {
  const copied = Object.entries(params ?? {}).map(([name, value]) => [
    name,
    Array.isArray(value) ? [...value] : value,
  ]);
  return Object.fromEntries(copied);
}
