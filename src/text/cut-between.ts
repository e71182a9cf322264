import type { Cutter } from './cutter.js';

/**
 * Whether a piece ends after a grapheme.
 * @param next the one that follows; undefined while there is none.
 * @param length of the piece, the grapheme included, in UTF-16 code units.
 */
export type EndsAfter = (grapheme: string, next: string | undefined, length: number) => boolean;

/** Cuts where two graphemes, or one of them, say so. */
export class CutBetween implements Cutter {
  readonly #endsAfter: EndsAfter;
  #piece = '';
  #last = '';

  constructor(endsAfter: EndsAfter) {
    this.#endsAfter = endsAfter;
  }

  feed(graphemes: readonly string[]): string[] {
    const pieces: string[] = [];
    for (const grapheme of graphemes) {
      if (this.#isOver(grapheme)) pieces.push(...this.take());
      this.#piece += grapheme;
      this.#last = grapheme;
    }
    if (this.#isOver(undefined)) pieces.push(...this.take());
    return pieces;
  }

  take(): string[] {
    const piece = this.#piece;
    this.#piece = '';
    return piece === '' ? [] : [piece];
  }

  #isOver(next: string | undefined): boolean {
    return this.#piece !== '' && this.#endsAfter(this.#last, next, this.#piece.length);
  }
}
