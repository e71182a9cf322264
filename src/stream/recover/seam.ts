/**
 * The shortest repeat that is taken for one. Shorter ones happen by chance, or belong there.
 */
const LEAST_OVERLAP = 12;

/** How far back a repeat may begin. */
const WINDOW = 400;

/**
 * The place where the continuation of a text meets what came before.
 *
 * A model that is asked to go on may repeat the last words. Such a repeat is removed, but only where
 * it is exact, longer than chance, and not a text that repeats itself by right: a tail that occurs
 * before, as in a refrain or a table, stays. Until that is decided the first words are held.
 */
export class Seam {
  readonly #before: string;
  readonly #whitespace: string;
  readonly #mayOverlap: boolean;
  #held = '';
  #isOpen = true;

  /**
   * @param before the text that was handed out.
   * @param whitespace its end that was not sent along, and which the continuation may bring again.
   * @param mayOverlap whether the model was asked in words, and may repeat some.
   */
  constructor(before: string, whitespace: string, mayOverlap: boolean) {
    this.#before = before.slice(-WINDOW);
    this.#whitespace = whitespace;
    this.#mayOverlap = mayOverlap;
  }

  /** What can be handed out after this piece came. */
  push(piece: string): string {
    if (!this.#isOpen) return piece;
    this.#held += piece;
    return this.#mayStillRepeat() ? '' : this.end();
  }

  /** Nothing more comes, or it is decided: what is held, without what it repeats. */
  end(): string {
    if (!this.#isOpen) return '';
    this.#isOpen = false;
    const held = this.#held;
    this.#held = '';
    return held.slice(this.#overlap(held) || sharedStart(this.#whitespace, held));
  }

  #mayStillRepeat(): boolean {
    const held = this.#held;
    if (held.length < this.#whitespace.length && this.#whitespace.startsWith(held)) return true;
    return this.#mayOverlap && this.#standsBeforeTheEnd(held);
  }

  /** How many characters at the start of what is held repeat the end of what was before. */
  #overlap(held: string): number {
    if (!this.#mayOverlap) return 0;
    for (let length = Math.min(held.length, this.#before.length); ; length--) {
      if (length < LEAST_OVERLAP) return 0;
      const start = held.slice(0, length);
      if (this.#before.endsWith(start)) return this.#standsBeforeTheEnd(start) ? 0 : length;
    }
  }

  #standsBeforeTheEnd(text: string): boolean {
    return this.#before.slice(0, -1).includes(text);
  }
}

function sharedStart(a: string, b: string): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length++;
  return length;
}
