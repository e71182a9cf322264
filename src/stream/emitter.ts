import { AnthropicError } from '../errors.js';

// biome-ignore lint/suspicious/noExplicitAny: users see listeners typed by name; in here any listener fits.
export type Listener = (...args: any[]) => unknown;

interface Entry {
  listener: Listener;
  once: boolean;
}

/** Listeners by event name. A listener that throws stops nothing. */
export class Emitter {
  /** Most streams have no listeners: undefined until the first. */
  #entries: Map<string, readonly Entry[]> | undefined;

  add(name: string, listener: Listener, once: boolean): void {
    this.#entries ??= new Map();
    this.#entries.set(name, [...this.#of(name), { listener, once }]);
  }

  remove(name: string, listener: Listener): void {
    const found = this.#of(name).find((entry) => entry.listener === listener);
    if (found !== undefined) this.#removeEntry(name, found);
  }

  /** Whether no listener was ever added. */
  get isEmpty(): boolean {
    return this.#entries === undefined;
  }

  has(name: string): boolean {
    return this.#of(name).length > 0;
  }

  emit(name: string, ...args: unknown[]): void {
    for (const entry of this.#of(name)) this.#call(name, entry, args);
  }

  /** Notifies one listener alone, if it is still there. */
  emitTo(listener: Listener, name: string, args: readonly unknown[]): void {
    const entry = this.#of(name).find((entry) => entry.listener === listener);
    if (entry !== undefined) this.#call(name, entry, args);
  }

  #of(name: string): readonly Entry[] {
    return this.#entries?.get(name) ?? [];
  }

  /** @returns whether it was still there. */
  #removeEntry(name: string, entry: Entry): boolean {
    const entries = this.#of(name);
    if (!entries.includes(entry)) return false;
    this.#entries?.set(
      name,
      entries.filter((other) => other !== entry),
    );
    return true;
  }

  #call(name: string, entry: Entry, args: readonly unknown[]): void {
    // The entry itself: the listener may be there in other entries too, or be used up meanwhile.
    if (entry.once && !this.#removeEntry(name, entry)) return;
    try {
      const result = entry.listener(...args);
      if (result instanceof Promise) result.catch((error) => this.#report(name, error));
    } catch (error) {
      this.#report(name, error);
    }
  }

  #report(name: string, cause: unknown): void {
    // An error listener that throws can't be reported to itself.
    if (name === 'error') return;
    const what = cause instanceof Error ? cause.message : String(cause);
    this.emit('error', new AnthropicError(`a listener for '${name}' threw: ${what}`, { cause }));
  }
}
