import type { AttemptContext } from '../../trace/contexts.js';
import type { Sink } from '../../trace/sink.js';
import type { Transport } from '../port.js';
import type { Recorder } from './recorder.js';

/** What a client needs to record what it does: a sink for its calls, and its transport with an ear at it. */
export interface Inspection {
  readonly sink: Sink;
  readonly wrap: (transport: Transport) => Transport;
}

/**
 * Records each request of a client as a file. The code for it is loaded with the first request; what happens before
 * it is there keeps its time.
 * @param dir the folder; created if it doesn't exist.
 */
export function inspectInto(dir: string): Inspection {
  let latest: AttemptContext | undefined;
  let loading: Promise<Recorder> | undefined;
  const load = (): Promise<Recorder> => {
    loading ??= import('./recorder.js').then(({ Recorder }) => new Recorder(dir));
    return loading;
  };
  const tell = (what: (recorder: Recorder) => void): void => void load().then(what, () => {});
  return {
    sink: {
      begun: (kind, context) => {
        if (kind !== 'attempt') return;
        latest = context as AttemptContext;
        const attempt = latest;
        tell((recorder) => recorder.attemptBegun(attempt));
      },
      ended: (kind, context) => {
        const time = performance.now();
        tell((recorder) => recorder.ended(kind, context, time));
      },
      noted: (note, stream) => {
        const time = performance.now();
        if (note.type in NOTED) tell((recorder) => recorder.noted(note, stream.streamId, time));
      },
    },
    wrap: (transport) => {
      const recorded: Transport = async (request, signal) => {
        // A request goes out right after its attempt has begun.
        const attempt = latest;
        const time = performance.now();
        const recorder = await load().catch(() => undefined);
        if (recorder === undefined || attempt === undefined) return transport(request, signal);
        return recorder.exchange(request, attempt, time, () => transport(request, signal));
      };
      recorded.closeIdle = transport.closeIdle;
      return recorded;
    },
  };
}

const NOTED = { retry: true, recover: true, restart: true };
