/** So many pieces are kept apart: few enough to be cheap to keep, and enough to make joining them cheap. */
const MOST_PIECES = 16;

/**
 * A text that grows by small pieces.
 *
 * A piece that was cut out of a chunk keeps the whole chunk in memory, and so does a text that refers to its
 * pieces. So pieces are copied into one string, but many at a time: each is copied once.
 */
export class JoinedText {
  #base: string;
  #pieces: string[] = [];
  /** `#base` and the first `#shownPieces` pieces: reading the text after each piece costs O(1). */
  #shown: string;
  #shownPieces = 0;

  constructor(text = '') {
    this.#base = text;
    this.#shown = text;
  }

  push(piece: string): void {
    if (this.#pieces.push(piece) >= MOST_PIECES) this.#join();
  }

  /** Everything so far. */
  get text(): string {
    const pieces = this.#pieces;
    if (this.#shownPieces < pieces.length) {
      const more = this.#shownPieces === 0 ? pieces : pieces.slice(this.#shownPieces);
      // A look after each piece finds one.
      this.#shown += more.length === 1 ? more[0] : more.join('');
      this.#shownPieces = pieces.length;
    }
    return this.#shown;
  }

  #join(): void {
    this.#base += this.#pieces.join('');
    this.#shown = this.#base;
    this.#pieces = [];
    this.#shownPieces = 0;
  }
}
