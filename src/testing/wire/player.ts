import { type BytesStep, type EndStep, isBytes, type Step } from '../model/step.js';
import { type Clock, sleep } from '../time/clock.js';

/** How the steps of an answer ended: all were taken, or as the last one says. */
export type Played = 'complete' | EndStep['end'];

/** Takes the steps of one answer and waits as long as they say. */
export interface Player {
  /** The next bytes, or how the answer ended. After an abort it can be either. */
  next(): Promise<BytesStep | Played>;
  /** Ends the steps early. */
  stop(): void;
}

/** @param onWait is called before each wait. */
export function createPlayer(
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
        if (isBytes(step)) return step;
        if ('end' in step) {
          // Nothing follows: the steps release what they hold now.
          await iterator.return?.();
          return step.end;
        }
        onWait();
        await sleep(clock, step.wait, signal);
        if (signal?.aborted) return 'hang';
      }
    },
    stop: () => {
      // If the generator's cleanup fails, there is no reader left to report it to.
      void Promise.resolve(iterator.return?.()).catch(() => {});
    },
  };
}
