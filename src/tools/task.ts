import { AnthropicError } from '../errors.js';
import { isThenable } from '../thrown.js';
import type { Steps, Wait } from './steps.js';

/** Work that is carried out on this thread, by those who need its outcome. */
export class Task<T> {
  readonly #pauses: Generator<undefined, T, undefined>;
  #outcome: { value: T } | { error: unknown } | undefined;
  #isRunning = false;

  constructor(steps: Steps<T>) {
    this.#pauses = pausesOf(steps);
  }

  /**
   * Continues to the next pause, or to the end.
   * @returns whether it has ended.
   * @throws AnthropicError where the work itself calls this: it would wait for itself.
   */
  advance(): boolean {
    if (this.#outcome !== undefined) return true;
    if (this.#isRunning) throw waitsForItself();
    this.#isRunning = true;
    try {
      const { done, value } = this.#pauses.next();
      if (done) this.#outcome = { value };
    } catch (error) {
      this.#outcome = { error };
    }
    this.#isRunning = false;
    return this.#outcome !== undefined;
  }

  /**
   * Continues to the end. The outcome is the same each time.
   * @throws what the work throws.
   */
  result(): T {
    while (!this.advance());
    const outcome = this.#outcome as { value: T } | { error: unknown };
    if ('error' in outcome) throw outcome.error;
    return outcome.value;
  }
}

export function waitsForItself(): AnthropicError {
  return new AnthropicError(
    'a run cannot be read from inside its own tools or approve: read it after they have returned',
  );
}

/** The driver that blocks. */
function* pausesOf<T>(steps: Steps<T>): Generator<undefined, T, undefined> {
  let step = steps.next();
  while (!step.done) {
    if (step.value === undefined) {
      yield;
      step = steps.next();
    } else step = yield* resume(steps, step.value);
  }
  return step.value;
}

function* resume<T>(
  steps: Steps<T>,
  wait: Wait,
): Generator<undefined, ReturnType<Steps<T>['next']>, undefined> {
  let settled: unknown[];
  try {
    settled = yield* settle(wait);
  } catch (error) {
    return steps.throw(error);
  }
  return steps.next(settled);
}

function* settle({ values, from }: Wait): Generator<undefined, unknown[], undefined> {
  const settled: unknown[] = [];
  for (const value of values) {
    if (value instanceof Task) {
      while (!value.advance()) yield;
      settled.push(value.result());
    } else if (isThenable(value)) {
      value.then(undefined, () => {});
      throw new AnthropicError(
        `${from} returned a promise, which a blocking client can't wait for: write a function that ` +
          "isn't async and returns no promise, or use Anthropic from 'millrace'",
      );
    } else settled.push(value);
  }
  return settled;
}
