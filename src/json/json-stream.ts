import { Calls } from './calls.js';
import { finishedAt } from './finished.js';
import type { JsonError } from './json-error.js';
import { MAX_DEPTH } from './limits.js';
import { exactly, type JsonPath, toPattern } from './path.js';
import { READERS } from './readers.js';
import { Scan } from './scan.js';
import { Tree } from './tree.js';
import type { JsonListener } from './watch.js';

/**
 * JSON that comes in fragments, cut anywhere: the value so far, at every moment.
 *
 * A fragment costs O(its length), whatever came before it. At the end the value is what JSON.parse
 * makes of the whole, and a text that JSON.parse rejects is never `complete`; only `maxDepth` is
 * stricter. What shows on the way, and depends only on the text so far, not on its fragments:
 *
 * - An array or an object shows from its opening bracket on. It is the same object from first to
 *   last: it grows in place.
 * - A string shows from its opening quote on, as far as its characters are known: of an escape or a
 *   surrogate pair nothing shows before the last character.
 * - A number, `true`, `false` and `null` show once they are complete, a number when something
 *   follows it, at the root also by `end()`.
 * - A property shows when its value does.
 *
 * So nothing that shows is taken back: strings get longer, arrays and objects only get more. The
 * exception is a key that comes twice in one object, where the later value replaces the earlier one.
 */
export class JsonStream {
  readonly #calls = new Calls();
  readonly #tree = new Tree(this.#calls);
  readonly #scan: Scan;
  #ended = false;

  /**
   * @param maxDepth how many brackets may be open at once; one more is invalid.
   * @param maxNodes how many objects, arrays and properties there may be.
   */
  constructor(maxDepth: number = MAX_DEPTH, maxNodes: number = Infinity) {
    this.#scan = new Scan(this.#tree, maxDepth, maxNodes);
  }

  /**
   * The value so far; undefined before any of it shows. Reading it costs nothing. It is live, and not
   * to be changed.
   */
  get value(): unknown {
    return this.#tree.value;
  }

  /** The value so far, never changed afterwards. It costs as much as `copiedFields` says. */
  copy(): unknown {
    return this.#tree.copy();
  }

  /** How many fields of open objects `copy()` copies; 256 items of open arrays count as one. */
  get copiedFields(): number {
    return this.#tree.copiedFields;
  }

  /**
   * - `unfinished`: so far it may become JSON; after `end()`, it was cut off.
   * - `complete`: it is JSON as it is. More than white space after it makes it `invalid`.
   * - `invalid`: it is not JSON, whatever comes. `value` stays what it was before the wrong
   *   character, and whatever else is fed is ignored.
   */
  get status(): 'unfinished' | 'complete' | 'invalid' {
    const { state } = this.#scan;
    if (state === 'done') return 'complete';
    return state === 'invalid' ? 'invalid' : 'unfinished';
  }

  /** Why the text is `invalid`; after `end()`, also why it is `unfinished`. */
  get error(): JsonError | undefined {
    return this.#scan.error;
  }

  /**
   * Reads the next fragment. Text that is not JSON does not throw: see `status`.
   *
   * @throws what listeners threw, once the fragment has been read to its end and all listeners have
   *   been called: the one error, or an AggregateError of several.
   * @throws Error after `end()`, and inside a listener.
   */
  feed(fragment: string): void {
    this.#checkCaller('feed');
    if (this.#ended) throw new Error('feed() after end()');
    const scan = this.#scan;
    let at = 0;
    while (at < fragment.length) at = READERS[scan.state](scan, fragment, at);
    scan.endFragment(fragment.length);
    this.#calls.throwCaught();
  }

  /**
   * Says that the text ends here. Afterwards `status` is final, and `error` says what is missing
   * where it is `unfinished`. Calling it again does nothing.
   *
   * @throws as `feed` does: a number at the root finishes only here.
   */
  end(): void {
    this.#checkCaller('end');
    this.#ended = true;
    this.#scan.endText();
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
   * Whether the value at a path is there and has come to its end. What has, stays complete even if
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
