import type { Push } from './engine.js';

type Wake = (push?: Push) => void;

/** Those in this process that watch logs. */
export class Watchers {
  readonly #byId = new Map<string, Set<Wake>>();

  /** @returns a function that removes it. */
  add(id: string, wake: Wake): () => void {
    const all = this.#byId.get(id) ?? new Set();
    this.#byId.set(id, all.add(wake));
    return () => {
      if (all.delete(wake) && all.size === 0) this.#byId.delete(id);
    };
  }

  has(id: string): boolean {
    return this.#byId.has(id);
  }

  wake(id: string, push: Push): void {
    for (const wake of [...(this.#byId.get(id) ?? [])]) wake(push);
  }
}
