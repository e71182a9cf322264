/** The latest values by their keys: older ones are forgotten, so that a server can run for months. */
export class Recent<V> {
  readonly #entries = new Map<string, { value: V; size: number }>();
  readonly #limits: { count: number; size: number };
  #size = 0;

  /** @param limits how many values there are at most, and how large they are together. */
  constructor(limits: { count: number; size: number }) {
    this.#limits = limits;
  }

  get(key: string): V | undefined {
    return this.#entries.get(key)?.value;
  }

  /** @param size in characters, about. */
  set(key: string, value: V, size: number): void {
    this.#delete(key);
    this.#entries.set(key, { value, size });
    this.#size += size;
    const { count, size: most } = this.#limits;
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= count && this.#size <= most) return;
      this.#delete(oldest);
    }
  }

  #delete(key: string): void {
    this.#size -= this.#entries.get(key)?.size ?? 0;
    this.#entries.delete(key);
  }
}

/** What an emulator remembers of earlier conversations. */
export const REMEMBERED: { count: number; size: number } = { count: 1000, size: 64 * 1024 * 1024 };
