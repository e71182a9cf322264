import { bindContext } from '../async-context.js';
import { channelSink } from './channel-sink.js';
import { instruments } from './instruments.js';
import type { Listeners } from './listeners.js';
import { observerSink } from './observer-sink.js';
import type { AnyContext, Sink, WorkKind } from './sink.js';

/** The sinks that are notified about one call, which is isolated from what they do. */
export class FanOut {
  readonly #sinks: readonly Sink[];
  readonly #inContext = bindContext((work: () => void): void => work());

  constructor(sinks: readonly Sink[]) {
    this.#sinks = sinks;
  }

  /** Whether a sink has a method that costs something at each event. */
  has(method: 'progressed' | 'said'): boolean {
    return this.#sinks.some((sink) => sink[method] !== undefined);
  }

  tell(what: (sink: Sink) => void): void {
    this.#inContext(() => {
      for (const sink of this.#sinks) {
        try {
          what(sink);
        } catch {
          // It is not the call's failure.
        }
      }
    });
  }

  /** Does the work in the contexts of the sinks. @returns what it returns. @throws what it throws. */
  within<T>(kind: WorkKind, context: AnyContext, work: () => T): T {
    return this.#sinks.reduce<() => T>(
      (inner, sink) => (sink.within ? () => surround(sink, kind, context, inner) : inner),
      work,
    )();
  }
}

function surround<T>(sink: Sink, kind: WorkKind, context: AnyContext, work: () => T): T {
  let done: { value: T } | { error: unknown } | undefined;
  try {
    sink.within?.(kind, context, () => {
      try {
        done = { value: work() };
      } catch (error) {
        done = { error };
      }
    });
  } catch {
    // It is not the call's failure.
  }
  if (done === undefined) return work();
  if ('error' in done) throw done.error;
  return done.value;
}

/** Undefined where nothing listens. */
export function fanOut({ observe, sinks }: Listeners): FanOut | undefined {
  const told = instruments(sinks);
  const channels = channelSink();
  if (channels !== undefined) told.push(channels);
  if (observe !== undefined) told.push(observerSink(observe));
  return told.length === 0 ? undefined : new FanOut(told);
}
