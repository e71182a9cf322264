import { bindContext } from '../async-context.js';
import type { Observer } from '../observe.js';
import { channelSink } from './channels.js';
import { observerSink } from './observer-sink.js';
import type { Sink } from './sink.js';

/** Who is told of one call: nothing that a sink does touches it. */
export class FanOut {
  readonly #sinks: readonly Sink[];
  readonly #inContext = bindContext((work: () => void): void => work());

  constructor(sinks: readonly Sink[]) {
    this.#sinks = sinks;
  }

  get wantsProgress(): boolean {
    return this.#sinks.some(({ progressed }) => progressed !== undefined);
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
}

/** Undefined where nothing listens: then a call costs this question, and no more. */
export function fanOut(observe: Observer | undefined): FanOut | undefined {
  const channels = channelSink();
  if (observe === undefined && channels === undefined) return undefined;
  const sinks = channels === undefined ? [] : [channels];
  if (observe !== undefined) sinks.push(observerSink(observe));
  return new FanOut(sinks);
}
