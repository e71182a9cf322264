import type { Calls } from './calls.js';
import { ANY, type JsonPath, type Pattern } from './path.js';
import { Tree } from './tree.js';
import { isFor, type JsonListener, NO_WATCHES, narrow, type Watch } from './watch.js';

/** A tree that calls listeners with values that have finished. Patterns have a segment for the root in front. */
export class WatchedTree extends Tree {
  /** What is waited for in each open container, the outermost first. */
  readonly #watches: (readonly Watch[])[] = [NO_WATCHES];
  readonly #calls: Calls;

  constructor(calls: Calls) {
    super();
    this.#calls = calls;
  }

  /** The path of the innermost value that has begun and not finished; undefined where none has. */
  get openPath(): JsonPath | undefined {
    const { path } = this;
    if (!this.isInValue) path.pop();
    return path.length === 0 ? undefined : path.slice(1);
  }

  override open(kind: 'array' | 'object'): void {
    const watches = this.#watches[this.depth] as readonly Watch[];
    super.open(kind);
    const outside = this.depth - 1;
    this.#watches.push(narrow(watches, outside, this.keyAt(outside)));
  }

  override close(): unknown {
    this.#watches.pop();
    return super.close();
  }

  override finished(value: unknown): void {
    super.finished(value);
    const watches = this.#watches[this.depth] as readonly Watch[];
    if (watches.length > 0) this.#tell(watches, value);
  }

  /** @returns a function that takes the listener away. */
  watch(pattern: Pattern, listener: JsonListener): () => void {
    const watch: Watch = { pattern: [ANY, ...pattern], listener, active: true };
    this.#setWatches([...(this.#watches[0] as readonly Watch[]), watch]);
    return () => {
      watch.active = false;
      this.#setWatches((this.#watches[0] as readonly Watch[]).filter((other) => other !== watch));
    };
  }

  #tell(watches: readonly Watch[], value: unknown): void {
    const key = this.keyAt(this.depth);
    for (const watch of watches) {
      if (!isFor(watch, this.depth, key)) continue;
      const path = this.path.slice(1);
      this.#calls.runCatching(() => watch.listener(value, path));
    }
  }

  #setWatches(watches: readonly Watch[]): void {
    for (const [depth, key] of this.path.entries()) {
      this.#watches[depth] = watches;
      watches = narrow(watches, depth, key);
    }
  }
}
