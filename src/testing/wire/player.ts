import { isSent, type Sent, type Step } from '../model/step.js';
import { type Clock, sleep } from '../time/clock.js';

/** How the steps of an answer were over: all were taken, or as the last one said. */
export type Played = 'complete' | 'hang' | 'reset';

/** Takes the steps of one answer, and lets the time pass that they say. */
export interface Player {
  /** The next bytes, or how it is over. After an abort it may be either. */
  next(): Promise<Sent | Played>;
  /** No more is wanted. */
  stop(): void;
}

/** @param onWait is called before each time that nothing is sent. */
export function playerOf(
  steps: Iterable<Step> | AsyncIterable<Step>,
  clock: Clock,
  signal: AbortSignal | undefined,
  onWait: () => void = () => {},
): Player {
  const iterator =
    Symbol.asyncIterator in steps ? steps[Symbol.asyncIterator]() : steps[Symbol.iterator]();
  return {
    next: async () => {
      for (;;) {
        const taken = iterator.next();
        const { done, value: step } = taken instanceof Promise ? await taken : taken;
        if (done) return 'complete';
        if (isSent(step)) return step;
        if ('end' in step) {
          // Nothing follows: what the steps hold open they let go now.
          await iterator.return?.();
          return step.end;
        }
        onWait();
        await sleep(clock, step.wait, signal);
        if (signal?.aborted) return 'hang';
      }
    },
    stop: () => {
      // A generator that fails in its end has nobody left to tell.
      void Promise.resolve(iterator.return?.()).catch(() => {});
    },
  };
}
