/** The shortest repeat that is taken for one. Shorter ones happen by chance, or belong there. */
const LEAST_OVERLAP = 12;

/** How far back a repeat may begin, which is as much as can be held until that is decided. */
const WINDOW = 400;

/** What meets at a seam. */
export interface SeamOptions {
  /** The text that was handed out. */
  before: string;
  /** Its end that was not sent along, and which the continuation may bring again. */
  whitespace: string;
  /** Whether the model was asked in words, and may repeat some. */
  mayOverlap: boolean;
}

/**
 * The place where the continuation of a text meets what came before.
 *
 * A model that is asked to go on may repeat the last words. Such a repeat is removed, but only where
 * it is exact, longer than chance, and not a text that repeats itself by right: a tail that occurs
 * before, as in a refrain or a table, stays. Until that is decided the first words are held; how they
 * are split into pieces changes nothing.
 */
export class Seam {
  readonly #before: string;
  readonly #tail: string;
  readonly #whitespace: string;
  readonly #mayOverlap: boolean;
  #held = '';
  #isOpen = true;

  constructor({ before, whitespace, mayOverlap }: SeamOptions) {
    this.#before = before;
    this.#tail = before.slice(-WINDOW);
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
    return this.#mayOverlap && standsBeforeTheEnd(this.#tail, held);
  }

  /** How many characters at the start of what is held repeat the end of what was before. */
  #overlap(held: string): number {
    if (!this.#mayOverlap) return 0;
    // Of several that fit, the shorter ones stand in the longer ones: such a text repeats itself.
    for (let length = LEAST_OVERLAP; length <= held.length; length++) {
      const start = held.slice(0, length);
      if (!this.#tail.endsWith(start)) continue;
      const isByRight = standsBeforeTheEnd(this.#before, start) || repeatsItself(start);
      return isByRight ? 0 : length;
    }
    return 0;
  }
}

function standsBeforeTheEnd(text: string, part: string): boolean {
  return text.slice(0, -1).includes(part);
}

/** Whether its first half comes again in it. */
function repeatsItself(text: string): boolean {
  return text.includes(text.slice(0, Math.ceil(text.length / 2)), 1);
}

function sharedStart(a: string, b: string): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length++;
  return length;
}
