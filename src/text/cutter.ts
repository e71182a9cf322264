import { Graphemes } from './graphemes.js';

/** Cuts graphemes that come in order into pieces. */
export interface Cutter {
  /** @returns the pieces that are over. */
  feed(graphemes: readonly string[]): string[];
  /** All that is left. */
  take(): string[];
}

/** Cuts a text that comes in chunks into pieces, never within a grapheme. */
export class TextCutter {
  readonly #graphemes: Graphemes = new Graphemes();
  readonly #cutter: Cutter;

  constructor(cutter: Cutter) {
    this.#cutter = cutter;
  }

  /** @returns the pieces that are over. */
  feed(chunk: string): string[] {
    return this.#cutter.feed(this.#graphemes.feed(chunk));
  }

  /** All that can be given of a piece that is not over. */
  give(): string[] {
    return this.#rest(this.#graphemes.give());
  }

  /** All that is left. */
  end(): string[] {
    return this.#rest(this.#graphemes.end());
  }

  #rest(graphemes: string[]): string[] {
    return [...this.#cutter.feed(graphemes), ...this.#cutter.take()];
  }
}
