import { Calls } from './calls.js';
import { finishedAt } from './finished.js';
import { JsonReader } from './json-reader.js';
import { exactly, type JsonPath, toPattern } from './path.js';
import type { JsonListener } from './watch.js';
import { WatchedTree } from './watched-tree.js';

/** A JsonReader that reports which parts of its value have finished. */
export class JsonStream extends JsonReader {
  readonly #calls: Calls;
  readonly #tree: WatchedTree;

  /** The parameters are those of JsonReader. */
  constructor(maxDepth?: number, maxNodes?: number) {
    const calls = new Calls();
    const tree = new WatchedTree(calls);
    super(maxDepth, maxNodes, tree);
    this.#calls = calls;
    this.#tree = tree;
  }

  /**
   * As JsonReader does.
   *
   * @throws what listeners threw, once the fragment has been read to its end and all listeners have
   *   been called: the one error, or an AggregateError of several.
   * @throws Error after `end()`, and inside a listener.
   */
  override feed(fragment: string): void {
    this.#checkCaller('feed');
    super.feed(fragment);
    this.#calls.throwCaught();
  }

  /**
   * As JsonReader does.
   *
   * @throws as `feed` does: a number at the root finishes only here.
   */
  override end(): void {
    this.#checkCaller('end');
    super.end();
    this.#calls.throwCaught();
  }

  /**
   * Calls a listener with each value that finishes at a pattern, as soon as its last character has
   * been read, with the value and its path. Inside a listener `value` has that value, and nothing
   * that comes after it.
   *
   * Values that have finished before are given first, inside this call: those that stand in `value`,
   * in the order of its keys. So a listener sees the same whenever it is added, but for a key that
   * came twice (the later value only) and for `*` on an object with keys such as '7' (which an
   * object has in front).
   *
   * @param pattern keys and indices joined with dots; `*` is any one key or index; '' is the root.
   *   `rows.*.id` is the id of each row. A list is one path, taken literally: for keys with a dot.
   * @returns a function that takes the listener away.
   * @throws what the listener throws on values that finished before; it is not added then.
   */
  onValue(pattern: string | JsonPath, listener: JsonListener): () => void {
    const segments = toPattern(pattern);
    const { value, openPath } = this.#tree;
    this.#calls.run(() => {
      for (const finished of finishedAt(value, segments, openPath)) {
        listener(finished.value, finished.path);
      }
    });
    return this.#tree.watch(segments, listener);
  }

  /**
   * Whether the value at a path is there and has ended. What has, stays complete even if
   * the text turns out to be invalid further on.
   *
   * @param path as in `onValue`, but `*` is a key like any other.
   */
  isComplete(path: string | JsonPath): boolean {
    const { value, openPath } = this.#tree;
    return finishedAt(value, exactly(path), openPath).length > 0;
  }

  #checkCaller(method: 'feed' | 'end'): void {
    if (this.#calls.running) throw new Error(`${method}() inside an onValue listener`);
  }
}
