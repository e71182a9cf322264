import { bindContext } from '../async-context.js';
import { AnthropicError } from '../errors.js';
import { isThenable, raise, thrownText } from '../thrown.js';

// biome-ignore lint/suspicious/noExplicitAny: users see listeners typed by name; in here any listener fits.
export type Listener = (...args: any[]) => unknown;

interface Entry {
  listener: Listener;
  /** The listener in the async context of its `on`. */
  call: Listener;
  once: boolean;
  /** Whether it can look at its first argument only. */
  isUnary: boolean;
}

interface Group {
  entries: Set<Entry>;
  /** The same by listener: to look for one among all of them would add up. */
  byListener: Map<Listener, Set<Entry>>;
  /** A copy of the set for the emits until its next change. */
  list: readonly Entry[] | undefined;
  /** Whether all of them are unary. */
  isUnary: boolean;
}

const NONE: readonly Entry[] = [];

/**
 * Listeners by event name. One that throws stops nothing else: it is reported to `error` listeners, and
 * raised where there is none.
 */
export class Emitter {
  /** Most streams have no listeners: undefined until the first. */
  #groups: Map<string, Group> | undefined;
  /** Whether no listener was ever added. */
  isEmpty = true;

  add(name: string, listener: Listener, once: boolean): void {
    this.#groups ??= new Map();
    this.isEmpty = false;
    const group = this.#groups.get(name) ?? {
      entries: new Set(),
      byListener: new Map(),
      list: undefined,
      isUnary: true,
    };
    this.#groups.set(name, group);
    const entry = { listener, call: bindContext(listener), once, isUnary: isUnary(listener) };
    group.entries.add(entry);
    const same = group.byListener.get(listener);
    if (same === undefined) group.byListener.set(listener, new Set([entry]));
    else same.add(entry);
    group.list = undefined;
    group.isUnary &&= entry.isUnary;
  }

  remove(name: string, listener: Listener): void {
    const entry = this.#entryOf(name, listener);
    if (entry !== undefined) this.#removeEntry(name, entry);
  }

  has(name: string): boolean {
    return (this.#groups?.get(name)?.entries.size ?? 0) > 0;
  }

  /** Which arguments the listeners of a name may look at; nothing where there is none. */
  looksAt(name: string): 'nothing' | 'first' | 'all' {
    const group = this.#groups?.get(name);
    if (group === undefined || group.entries.size === 0) return 'nothing';
    return group.isUnary ? 'first' : 'all';
  }

  /** Whether a listener is there. */
  includes(name: string, listener: Listener): boolean {
    return this.#entryOf(name, listener) !== undefined;
  }

  /** The names that have listeners. */
  names(): string[] {
    return [...(this.#groups?.keys() ?? [])].filter((name) => this.has(name));
  }

  emit(name: string, ...args: unknown[]): void {
    for (const entry of this.#of(name)) this.#call(name, entry, args);
  }

  /** Notifies one listener alone, if it is still there. */
  emitTo(listener: Listener, name: string, args: readonly unknown[]): void {
    const entry = this.#entryOf(name, listener);
    if (entry !== undefined) this.#call(name, entry, args);
  }

  /** The oldest entry of a listener. */
  #entryOf(name: string, listener: Listener): Entry | undefined {
    const same = this.#groups?.get(name)?.byListener.get(listener) ?? NONE;
    for (const entry of same) return entry;
    return undefined;
  }

  #of(name: string): readonly Entry[] {
    const group = this.#groups?.get(name);
    if (group === undefined) return NONE;
    group.list ??= [...group.entries];
    return group.list;
  }

  /** @returns whether it was still there. */
  #removeEntry(name: string, entry: Entry): boolean {
    const group = this.#groups?.get(name);
    if (!group?.entries.delete(entry)) return false;
    const same = group.byListener.get(entry.listener);
    same?.delete(entry);
    if (same?.size === 0) group.byListener.delete(entry.listener);
    group.list = undefined;
    return true;
  }

  #call(name: string, entry: Entry, args: readonly unknown[]): void {
    // The entry itself: the listener may be there in other entries too, or be used up already.
    if (entry.once && !this.#removeEntry(name, entry)) return;
    try {
      const result = entry.call(...args);
      if (isThenable(result)) result.then(undefined, (cause) => this.#report(name, cause));
    } catch (cause) {
      this.#report(name, cause);
    }
  }

  #report(name: string, cause: unknown): void {
    const error = new AnthropicError(`a listener for '${name}' threw: ${thrownText(cause)}`, {
      cause,
    });
    // An error listener that throws isn't told of itself.
    if (name === 'error' || !this.has('error')) raise(error);
    else this.emit('error', error);
  }
}

/** An arrow function of at most one plain parameter: it has no `arguments`, no rest and no defaults. */
const UNARY = /^(?:async ?)?(?:[\w$]{1,80}|\([\w$]{0,80}\)) ?=>/;

function isUnary(listener: Listener): boolean {
  return listener.length < 2 && UNARY.test(Function.prototype.toString.call(listener));
}
