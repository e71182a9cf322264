import { AnthropicError } from '../errors.js';
import { NO_TEXT, PacedText, type PaceOptions, type SourceEnding } from '../text/paced-text.js';

/** Time for code that blocks, in milliseconds; tests pass their own. */
export interface BlockingClock {
  /** Monotonic. */
  now(): number;
  /** Blocks this thread for so long. */
  wait(ms: number): void;
}

/** Options of the blocking `smooth`. */
export interface SyncSmoothOptions extends PaceOptions {
  /** Default: the time of the system; it waits with `Atomics.wait`. */
  clock?: BlockingClock | undefined;
}

/**
 * Hands a text on at an even pace, whatever the bursts it comes in: `smooth` of `millrace` for code that
 * blocks, with the same cuts and pace. Its pauses block this thread.
 *
 * ```ts
 * for (const word of smooth(stream.textStream)) process.stdout.write(word);
 * ```
 *
 * - The source is read when no piece is held. Text that was there already counts as come when the source
 *   last made us wait, so whatever it was, no piece is given later than `maxDelay` after it came.
 * - While the source blocks, nothing can be given: a word that isn't over stays until more text comes.
 * - **Error**: all text that came is given at once, then the error is thrown. **Leaving** (`break`,
 *   `return()`) closes the source.
 *
 * @param source the `textStream` of a SyncMessageStream, or any other iterable of strings.
 * @returns for one reader; to read it is what starts it.
 * @throws {AnthropicError} for a source or an option that is none.
 */
export function smooth(
  source: Iterable<string>,
  options: SyncSmoothOptions = {},
): IterableIterator<string, undefined> & Disposable {
  const { clock = systemClock } = options;
  return new SyncSmooth(iteratorOf(source), new PacedText(options), clock);
}

const systemClock: BlockingClock = {
  now: () => performance.now(),
  wait: (ms) => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms),
};

function iteratorOf(source: Iterable<string>): Iterator<string> {
  const iterator = source?.[Symbol.iterator]?.();
  if (iterator !== undefined) return iterator;
  const isAsync = Symbol.asyncIterator in Object(source);
  throw new AnthropicError(
    isAsync ? "this source awaits: use smooth from 'millrace', with for await" : NO_TEXT,
  );
}

/** A read that takes no longer than this found its text waiting. */
const INSTANT_MS = 1;

class SyncSmooth implements IterableIterator<string, undefined>, Disposable {
  readonly #source: Iterator<string>;
  readonly #text: PacedText;
  readonly #clock: BlockingClock;
  /** When we last had to wait for the source: what it gives without a wait came later. */
  #caughtUp: number | undefined;
  #isDone = false;

  constructor(source: Iterator<string>, text: PacedText, clock: BlockingClock) {
    this.#source = source;
    this.#text = text;
    this.#clock = clock;
  }

  next(): IteratorResult<string, undefined> {
    while (!this.#isDone) {
      const now = this.#clock.now();
      const value = this.#text.take(now);
      if (value !== '') return { done: false, value };
      if (this.#text.isOver) this.#end(this.#text.ending as SourceEnding);
      else if (this.#text.due < Infinity) this.#clock.wait(this.#text.due - now);
      else this.#read(now);
    }
    return { done: true, value: undefined };
  }

  return(): IteratorResult<string, undefined> {
    const isOver = this.#isDone || this.#text.ending !== undefined;
    this.#isDone = true;
    if (!isOver) this.#source.return?.();
    return { done: true, value: undefined };
  }

  [Symbol.iterator](): this {
    return this;
  }

  [Symbol.dispose](): void {
    this.return();
  }

  #read(since: number): void {
    try {
      const { done, value } = this.#source.next();
      const now = this.#clock.now();
      if (this.#caughtUp === undefined || now - since > INSTANT_MS) this.#caughtUp = now;
      if (done) this.#text.close({});
      else this.#text.add(value, this.#caughtUp);
    } catch (error) {
      this.#text.close({ error });
    }
  }

  #end(ending: SourceEnding): void {
    this.#isDone = true;
    if ('error' in ending) throw ending.error;
  }
}
