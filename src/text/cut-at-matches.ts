import type { Cutter } from './cutter.js';

/**
 * Cuts after each match of a pattern, or at it where it is empty, and at the next border of a
 * grapheme. A match that reaches the end of what has arrived may yet grow, and is waited with.
 */
export class CutAtMatches implements Cutter {
  readonly #pattern: RegExp;
  #rest: string[] = [];
  #next = 0;

  constructor(pattern: RegExp) {
    // Of our own: a search moves `lastIndex`.
    this.#pattern = new RegExp(pattern.source, `${pattern.flags.replace(/[gy]/g, '')}g`);
  }

  feed(graphemes: readonly string[]): string[] {
    for (const grapheme of graphemes) this.#rest.push(grapheme);
    // A pattern cannot go on where it stopped, so a long piece is searched again only once it has
    // grown by a quarter: its searches cost no more than five times its length.
    if (this.#rest.length < this.#next) return [];
    const pieces = this.#cut();
    this.#next = this.#rest.length < SHORT ? 0 : this.#rest.length * 1.25;
    return pieces;
  }

  take(): string[] {
    const pieces = this.#cut();
    if (this.#rest.length > 0) pieces.push(this.#rest.join(''));
    this.#rest = [];
    this.#next = 0;
    return pieces;
  }

  #cut(): string[] {
    const text = this.#rest.join('');
    const pieces: string[] = [];
    let start = 0;
    let count = 0;
    for (;;) {
      const length = this.#lengthOf(text.slice(start), this.#rest[count]?.length ?? 0);
      if (length === undefined) break;
      let end = start;
      while (end < start + length) end += this.#rest[count++]?.length ?? 0;
      pieces.push(text.slice(start, end));
      start = end;
    }
    this.#rest = this.#rest.slice(count);
    return pieces;
  }

  /** How long the first piece of a text is; undefined if it is not over. */
  #lengthOf(text: string, first: number): number | undefined {
    this.#pattern.lastIndex = 0;
    let end = endOf(this.#pattern.exec(text));
    if (end === 0) {
      this.#pattern.lastIndex = first;
      end = endOf(this.#pattern.exec(text));
    }
    return end === undefined || end >= text.length ? undefined : end;
  }
}

const SHORT = 256;

function endOf(match: RegExpExecArray | null): number | undefined {
  return match === null ? undefined : match.index + match[0].length;
}
