import { AnthropicError } from '../errors.js';
import { Queue } from '../pull/backlog.js';
import { markHandled } from '../pull/mark-handled.js';
import { type Clock, systemClock } from '../transport/clock.js';
import { NO_TEXT, PacedText, type PaceOptions, type SourceEnding } from './paced-text.js';

/** Options of `smooth`. */
export interface SmoothOptions extends PaceOptions {
  /** Default: the time of the system. */
  clock?: Clock | undefined;
}

/**
 * Hands a text on at an even pace, whatever the bursts it comes in.
 *
 * ```ts
 * for await (const word of smooth(stream.textStream)) process.stdout.write(word);
 * ```
 *
 * - **Nothing is changed**: the pieces joined are the text of the source.
 * - **Cuts** are where `by` says. Chunks do not matter to them: a piece, a grapheme or a surrogate
 *   pair that comes in several chunks is one.
 * - **Pace**: that of the source of late, faster where text would come too late; no pause is longer than
 *   100 ms. Pieces that are due at the same time, as when the reader was busy, come as one string.
 * - **Never later than `maxDelay`** after it came, while the reader asks. A piece that is not over by then
 *   is given as far as it goes, but for an emoji at its end, which may yet grow; a combining mark
 *   that comes later still comes by itself.
 * - **End**: what is left keeps the pace. **Error**: all text that came is given at once, then the error is thrown.
 *   So closing the stream, or aborting it, ends a pause at once.
 * - **Leaving** (`break`, `return()`) ends a pause, and closes the source.
 * - **Backpressure**: nothing is read before the first read. While the reader is busy the source is read on
 *   until what is held is due or is more than 16,384 UTF-16 code units: more is of no use to the pace. A
 *   reader who waits gets what is beyond that without a pause.
 *
 * @param source the `textStream` of a stream, or any other iterable of strings. It is read once.
 * @returns for one reader; to read it is what starts it.
 * @throws {AnthropicError} for a source or an option that is none.
 */
export function smooth(
  source: AsyncIterable<string> | Iterable<string>,
  options: SmoothOptions = {},
): AsyncIterableIterator<string, undefined> & AsyncDisposable {
  const { clock = systemClock } = options;
  return new Smooth(iteratorOf(source), new PacedText(options), clock);
}

type Source = AsyncIterator<string> | Iterator<string>;

function iteratorOf(source: Partial<AsyncIterable<string> & Iterable<string>>): Source {
  const iterator = source?.[Symbol.asyncIterator]?.() ?? source?.[Symbol.iterator]?.();
  if (iterator !== undefined) return iterator;
  throw new AnthropicError(NO_TEXT);
}

interface Waiter {
  resolve: (result: IteratorResult<string, undefined>) => void;
  reject: (error: unknown) => void;
}

/** Time and reading around a pace. A timer runs only while the reader waits. */
class Smooth implements AsyncIterableIterator<string, undefined>, AsyncDisposable {
  readonly #source: Source;
  readonly #text: PacedText;
  readonly #clock: Clock;
  readonly #waiters = new Queue<Waiter>();
  #timer: unknown;
  #isReading = false;
  #isDone = false;

  constructor(source: Source, text: PacedText, clock: Clock) {
    this.#source = source;
    this.#text = text;
    this.#clock = clock;
  }

  next(): Promise<IteratorResult<string, undefined>> {
    if (this.#isDone) return Promise.resolve(END);
    return new Promise((resolve, reject) => {
      this.#waiters.push({ resolve, reject });
      this.#serve();
    });
  }

  async return(): Promise<IteratorResult<string, undefined>> {
    const isOver = this.#isDone || this.#text.ending !== undefined;
    this.#finish();
    if (isOver) return END;
    const closed = Promise.resolve(this.#source.return?.());
    // A generator that is at work would answer only after it, which may be never.
    if (this.#isReading) markHandled(closed);
    else await closed;
    return END;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Gives what is due to those who wait, and sees to it that there will be more. */
  #serve(): void {
    this.#clearTimer();
    while (this.#waiters.length > 0) {
      const value = this.#text.take(this.#clock.now());
      if (value === '') break;
      this.#waiters.shift()?.resolve({ done: false, value });
    }
    if (this.#waiters.length === 0) {
      if (this.#text.mayReadAhead(this.#clock.now())) void this.#read();
    } else if (this.#text.isOver) {
      this.#end(this.#text.ending as SourceEnding);
    } else {
      this.#setTimer();
      void this.#read();
    }
  }

  #setTimer(): void {
    const at = this.#text.restDue;
    if (at === Infinity) return;
    this.#timer = this.#clock.setTimeout(() => this.#serve(), at - this.#clock.now());
  }

  #clearTimer(): void {
    if (this.#timer !== undefined) this.#clock.clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  async #read(): Promise<void> {
    if (this.#isReading || this.#text.ending !== undefined) return;
    this.#isReading = true;
    try {
      const { done, value } = await this.#source.next();
      if (done) this.#text.close({});
      else this.#text.add(value, this.#clock.now());
    } catch (error) {
      this.#text.close({ error });
    }
    this.#isReading = false;
    if (!this.#isDone) this.#serve();
  }

  #end(ending: SourceEnding): void {
    // The first reader gets the error, the others nothing.
    if ('error' in ending) this.#waiters.shift()?.reject(ending.error);
    this.#finish();
  }

  #finish(): void {
    this.#isDone = true;
    this.#clearTimer();
    while (this.#waiters.length > 0) this.#waiters.shift()?.resolve(END);
  }
}

const END: IteratorReturnResult<undefined> = Object.freeze({ done: true, value: undefined });
