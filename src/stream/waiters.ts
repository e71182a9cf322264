import { quiet } from './quiet.js';

type Resolve<T> = (value: T | Promise<T>) => void;

/**
 * Calls that wait for a value, first come, first served. Nearly always it is one, since a `for await`
 * makes one at a time, and that one has fields of its own: a queue costs 4 % of a slow stream.
 */
export class Waiters<T> {
  #promise: Promise<T> | undefined;
  #resolve: Resolve<T> | undefined;
  readonly #others: { promise: Promise<T>; resolve: Resolve<T> }[] = [];

  get isEmpty(): boolean {
    return this.#resolve === undefined;
  }

  /** One more waits. */
  add(): Promise<T> {
    if (this.#resolve === undefined) {
      this.#promise = new Promise(this.#keep);
      return this.#promise;
    }
    const other = {} as { promise: Promise<T>; resolve: Resolve<T> };
    other.promise = new Promise((resolve) => {
      other.resolve = resolve;
    });
    this.#others.push(other);
    return other.promise;
  }

  readonly #keep = (resolve: Resolve<T>): void => {
    this.#resolve = resolve;
  };

  /** Answers the first one. */
  answer(value: T): void {
    this.#next()?.(value);
  }

  /** Answers all of them. What fails is no unhandled rejection, even where nobody awaits it. */
  settle(answer: () => Promise<T>): void {
    while (this.#promise !== undefined) {
      quiet(this.#promise);
      this.#next()?.(answer());
    }
  }

  /** Takes the first one off. */
  #next(): Resolve<T> | undefined {
    const resolve = this.#resolve;
    const other = this.#others.length === 0 ? undefined : this.#others.shift();
    this.#promise = other?.promise;
    this.#resolve = other?.resolve;
    return resolve;
  }
}
