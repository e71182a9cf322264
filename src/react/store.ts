/**
 * A state that React subscribes to. It is a value, and the same one until it changes; it is built when it is
 * read, so that events which React doesn't render cost nothing.
 */
export class Store<S extends object> {
  readonly #listeners = new Set<() => void>();
  #state: S;
  #changes: (() => Partial<S>) | undefined;

  constructor(state: S) {
    this.#state = state;
  }

  /** For `useSyncExternalStore`. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** For `useSyncExternalStore`, on the server too. */
  readonly state = (): S => {
    if (this.#changes !== undefined) {
      const changes = this.#changes;
      this.#changes = undefined;
      this.#state = { ...this.#state, ...changes() };
    }
    return this.#state;
  };

  /** Changes fields now. */
  protected set(changes: Partial<S>): void {
    this.#state = { ...this.state(), ...changes };
    this.#notify();
  }

  /** Changes fields by a function, which is called when the state is read. It must return all that change so. */
  protected change(changes: () => Partial<S>): void {
    this.#changes = changes;
    this.#notify();
  }

  #notify(): void {
    for (const listener of this.#listeners) listener();
  }
}
