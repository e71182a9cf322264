import { AnthropicError } from '../errors.js';
import { type CutBy, cutterFor } from './cut-by.js';
import { TextCutter } from './cutter.js';
import { Pace } from './pace.js';

/** Where a text is cut, and how late it may be. */
export interface PaceOptions {
  /** Where the text is cut. Default `'word'`. */
  by?: CutBy | undefined;
  /**
   * How far the text may fall behind its source, in milliseconds. Default 500. With 0 nothing is held;
   * with Infinity no piece is given before it is over, however long that takes.
   */
  maxDelay?: number | undefined;
}

/** How a source ended: with an error, or without. */
export interface SourceEnding {
  error?: unknown;
}

/** A text between a source and a reader: cut, and given when it is due. It is told the time. */
export class PacedText {
  readonly #cutter: TextCutter;
  readonly #pace: Pace;
  /** Whether more of the last piece may be given than was: text has arrived since. */
  #hasRest = false;
  #ending: SourceEnding | undefined;

  /** @throws AnthropicError for an invalid option. */
  constructor({ by = 'word', maxDelay = 500 }: PaceOptions) {
    if (typeof maxDelay !== 'number' || !(maxDelay >= 0)) {
      throw new AnthropicError(
        `maxDelay is ${maxDelay}: give milliseconds, such as 500, or Infinity`,
      );
    }
    this.#cutter = new TextCutter(cutterFor(by));
    this.#pace = new Pace(maxDelay);
  }

  /** How the source ended; undefined while it goes on. */
  get ending(): SourceEnding | undefined {
    return this.#ending;
  }

  /** Whether the source has ended, and all text was given. */
  get isOver(): boolean {
    return this.#ending !== undefined && this.#pace.held === 0;
  }

  /** Whether more text is of use to a reader who is busy. */
  mayReadAhead(now: number): boolean {
    return this.#pace.mayReadAhead(now);
  }

  /** When the next piece is due; Infinity if there is none. */
  get due(): number {
    return this.#pace.due;
  }

  /** The same, or when what there is of a piece that is not over must be out. */
  get restDue(): number {
    return Math.min(this.#pace.due, this.#hasRest ? this.#pace.restDue : Infinity);
  }

  /** @param now when the chunk came. @throws AnthropicError for a chunk that is no text. */
  add(chunk: string, now: number): void {
    if (typeof chunk !== 'string') throw new AnthropicError(NO_TEXT);
    if (chunk === '') return;
    this.#hasRest = true;
    this.#pace.add(chunk, this.#cutter.feed(chunk), now);
  }

  /** The source has ended: what is left keeps the pace, unless there is an error. */
  close(ending: SourceEnding): void {
    this.#ending = ending;
    this.#hasRest = false;
    this.#pace.cut(this.#cutter.end());
  }

  /** All that is due; '' if nothing is. */
  take(now: number): string {
    if (this.#ending !== undefined && 'error' in this.#ending) return this.#pace.takeAll();
    if (this.#hasRest && now >= this.#pace.restDue) {
      this.#hasRest = false;
      this.#pace.cut(this.#cutter.give());
    }
    return this.#pace.take(now);
  }
}

export const NO_TEXT = 'smooth() takes an iterable of strings: give it stream.textStream';
