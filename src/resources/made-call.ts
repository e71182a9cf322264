import type { Reading } from '../stream/reading.js';
import type { EventSource } from '../stream/source.js';
import type { StreamTrace } from '../trace/stream-trace.js';
import type { ApiRequest, ResolvedOptions } from '../transport/options.js';

/** A request of a client, and its trace, if anything listens. */
export interface TracedCall {
  call: ApiRequest;
  settings: ResolvedOptions;
  /** For an event stream where none was asked for. */
  reading: Reading;
  trace?: StreamTrace;
  /** A source whose events and end are told to the trace. */
  toTraced: (source: EventSource) => EventSource;
}

/** Makes a call for code that is loaded, and must not import what loads it. */
export type MakeCall = (
  call: ApiRequest,
  operation: 'models' | 'batches',
) => TracedCall | Promise<TracedCall>;
