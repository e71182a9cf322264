/** The calls of listeners: one that throws must not stop the reading, nor be swallowed. */
export class Calls {
  #running = false;
  readonly #caught: unknown[] = [];

  /** Whether a listener is running. */
  get running(): boolean {
    return this.#running;
  }

  /** Runs code that calls listeners. */
  run(code: () => void): void {
    const before = this.#running;
    this.#running = true;
    try {
      code();
    } finally {
      this.#running = before;
    }
  }

  /** As `run`, but what is thrown waits for `throwCaught`. */
  runCatching(code: () => void): void {
    try {
      this.run(code);
    } catch (error) {
      this.#caught.push(error);
    }
  }

  /** @throws what was caught since the last time: the one error, or an AggregateError of several. */
  throwCaught(): void {
    if (this.#caught.length === 0) return;
    const caught = this.#caught.splice(0);
    if (caught.length === 1) throw caught[0];
    throw new AggregateError(caught, `${caught.length} listeners threw`);
  }
}
