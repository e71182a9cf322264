/** The shortest repeat that is removed. Shorter ones happen by chance, or belong there. */
const LEAST_OVERLAP = 12;

/** How far back a repeat may begin: this much is held until that is decided. */
const WINDOW = 400;

/** The two sides of the seam. */
export interface OverlapOptions {
  /** The text that was delivered. */
  before: string;
  /** Its end that was not sent along, and that the continuation may contain again. */
  whitespace: string;
  /** Whether the model was asked with an instruction, and may repeat words. */
  mayOverlap: boolean;
}

/**
 * Removes words that the continuation of a text repeats.
 *
 * A model that is asked to continue may repeat the last words. Such a repeat is removed, but only where
 * it is exact, longer than chance, and not legitimate repetition: a tail that occurs before, as in a
 * refrain or a table, stays. Until that is decided the first words are held; how they are split into
 * pieces makes no difference.
 */
export class OverlapTrimmer {
  readonly #before: string;
  readonly #tail: string;
  readonly #whitespace: string;
  readonly #mayOverlap: boolean;
  #held = '';
  /** How much of what is held repeats the white space, from its start; undefined where it differs. */
  #repeated: number | undefined = 0;
  #isOpen = true;

  constructor({ before, whitespace, mayOverlap }: OverlapOptions) {
    this.#before = before;
    this.#tail = before.slice(-WINDOW);
    this.#whitespace = whitespace;
    this.#mayOverlap = mayOverlap;
  }

  /** What can be delivered after this piece. */
  push(piece: string): string {
    if (!this.#isOpen) return piece;
    this.#held += piece;
    if (this.#repeated !== undefined) {
      // Only the new piece is compared: the white space can be long.
      const isSame = this.#whitespace.startsWith(piece, this.#repeated);
      this.#repeated = isSame ? this.#repeated + piece.length : undefined;
    }
    return this.#mayStillRepeat() ? '' : this.end();
  }

  /** The end of the text, or it is decided: what is held, without what it repeats. */
  end(): string {
    if (!this.#isOpen) return '';
    this.#isOpen = false;
    const held = this.#held;
    this.#held = '';
    return held.slice(this.#overlap(held) || sharedStart(this.#whitespace, held));
  }

  #mayStillRepeat(): boolean {
    const held = this.#held;
    if (this.#repeated !== undefined && this.#repeated < this.#whitespace.length) return true;
    return this.#mayOverlap && occursBeforeTheEnd(this.#tail, held);
  }

  /** How many characters at the start of what is held repeat the end of what was before. */
  #overlap(held: string): number {
    if (!this.#mayOverlap) return 0;
    const longest = Math.min(held.length, this.#tail.length);
    // Of several that fit, the longer ones contain the shorter ones: such a text repeats itself.
    for (let length = LEAST_OVERLAP; length <= longest; length++) {
      const start = held.slice(0, length);
      if (!this.#tail.endsWith(start)) continue;
      const isLegitimate = occursBeforeTheEnd(this.#before, start) || repeatsItself(start);
      return isLegitimate ? 0 : length;
    }
    return 0;
  }
}

function occursBeforeTheEnd(text: string, part: string): boolean {
  return text.slice(0, -1).includes(part);
}

/** Whether its first half occurs in it again. */
function repeatsItself(text: string): boolean {
  return text.includes(text.slice(0, Math.ceil(text.length / 2)), 1);
}

function sharedStart(a: string, b: string): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length++;
  return length;
}
