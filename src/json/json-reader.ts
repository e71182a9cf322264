import type { JsonError } from './json-error.js';
import { MAX_DEPTH } from './limits.js';
import { READERS } from './readers.js';
import { Scan } from './scan.js';
import { Tree } from './tree.js';

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
export class JsonReader {
  readonly #tree: Tree;
  readonly #scan: Scan;
  #ended = false;

  /**
   * @param maxDepth how many brackets may be open at once; one more is invalid.
   * @param maxNodes how many objects, arrays and properties there may be.
   * @param tree where the value grows.
   */
  constructor(maxDepth: number = MAX_DEPTH, maxNodes: number = Infinity, tree: Tree = new Tree()) {
    this.#tree = tree;
    this.#scan = new Scan(tree, maxDepth, maxNodes);
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

  /** How many fields of open objects `copy()` copies; 16 items of open arrays count as one. */
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
   * @throws Error after `end()`.
   */
  feed(fragment: string): void {
    if (this.#ended) throw new Error('feed() after end()');
    const scan = this.#scan;
    let at = 0;
    while (at < fragment.length) at = READERS[scan.state](scan, fragment, at);
    scan.endFragment(fragment.length);
  }

  /**
   * Says that the text ends here. Afterwards `status` is final, and `error` says what is missing
   * where it is `unfinished`. Calling it again does nothing.
   */
  end(): void {
    this.#ended = true;
    this.#scan.endText();
  }
}
