declare const pending: unique symbol;

/**
 * There is no value yet. The `wake` that came with the question is called when it pays to ask again.
 *
 * An object: V8 compares objects in place, but calls a function to compare an object with a symbol.
 */
export const PENDING: typeof pending = Object.freeze({}) as unknown as typeof pending;

/**
 * An answer that is at hand, or not. A promise for each piece of a stream, in each of its layers, would
 * cost more than the piece. A source that blocks is one that never returns PENDING.
 */
export type Poll<T> = T | typeof PENDING;

/**
 * Says "ask again", in the turn in which there is a value, an end or a failure. It carries none of them:
 * they have one way out, the answer to the next question. A wake without need does no harm.
 */
export type Wake = () => void;

/** For a source that never returns PENDING. */
export const NEVER_PENDING: Wake = () => {};

/** Asks until there is an answer. */
export function toPromise<T>(poll: (wake: Wake) => Poll<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const ask = (): void => {
      try {
        const value = poll(ask);
        if (value !== PENDING) resolve(value);
      } catch (error) {
        reject(error);
      }
    };
    ask();
  });
}

/** A promise that can be asked, any number of times. Its rejection is thrown to those who ask. */
export function toPoll<T>(promise: Promise<T>): (wake: Wake) => Poll<T> {
  let outcome: { value: T } | { error: unknown } | undefined;
  const settled = promise.then(
    (value) => {
      outcome = { value };
    },
    (error) => {
      outcome = { error };
    },
  );
  return (wake) => {
    if (outcome === undefined) {
      void settled.then(wake);
      return PENDING;
    }
    if ('error' in outcome) throw outcome.error;
    return outcome.value;
  };
}
