import type { Style } from '../styled.js';

/** Gets text that can be printed now. */
export type Show = (text: string, styles: readonly Style[]) => void;

/**
 * Bold and code within a line. The text after a mark is held until the mark that closes it, or until
 * `end`: a mark that is never closed is text. The cost is linear in the characters.
 */
export class MarkdownSpans {
  readonly #show: Show;
  #open: OpenSpan | undefined;

  constructor(show: Show) {
    this.#show = show;
  }

  push(character: string): void {
    const span = this.#open ?? startSpan(character);
    if (span === undefined) this.#show(character, []);
    else this.#pushTo(span, character);
  }

  #pushTo(span: OpenSpan, character: string): void {
    const state = span.push(character);
    this.#open = state === 'open' ? span : undefined;
    if (state === 'closed') this.#showSpan(span);
    if (state !== 'text') return;
    // The held marks are text; the character after them can be a mark.
    this.#show(span.text.slice(0, -character.length), []);
    this.push(character);
  }

  /** Shows the rest; what follows is a new line. */
  end(): void {
    if (this.#open !== undefined) this.#show(this.#open.text, []);
    this.#open = undefined;
  }

  #showSpan({ kind, content }: OpenSpan): void {
    if (kind === 'code') {
      this.#show(content, ['code']);
      return;
    }
    const inner = new MarkdownSpans((text, styles) => this.#show(text, ['bold', ...styles]));
    for (const character of content) inner.push(character);
    inner.end();
  }
}

/** A span whose closing mark hasn't arrived. */
interface OpenSpan {
  readonly kind: 'bold' | 'code';
  /** All of it, marks included. */
  readonly text: string;
  /** The text between the marks, once it is closed. */
  readonly content: string;
  /** @returns whether it is still open, closed, or no span at all. */
  push(character: string): 'open' | 'closed' | 'text';
}

/** Backticks, text, and as many backticks again. */
class CodeSpan implements OpenSpan {
  readonly kind = 'code';
  text = '';
  #isInside = false;
  #opening = 0;
  #closing = 0;

  get content(): string {
    return this.text.slice(this.#opening, -this.#opening);
  }

  push(character: string): 'open' | 'closed' {
    this.text += character;
    if (character !== '`') {
      this.#isInside = true;
      this.#closing = 0;
    } else if (this.#isInside) this.#closing++;
    else this.#opening++;
    return this.#closing === this.#opening ? 'closed' : 'open';
  }
}

/** Like CommonMark: no space after the opening asterisks, and none before the closing ones. */
class BoldSpan implements OpenSpan {
  readonly kind = 'bold';
  text = '';
  #length = 0;
  #previous = '';
  #beforePrevious = '';

  get content(): string {
    return this.text.slice(2, -2);
  }

  push(character: string): 'open' | 'closed' | 'text' {
    const isClosed = character === '*' && this.#previous === '*' && /\S/.test(this.#beforePrevious);
    this.text += character;
    this.#length++;
    this.#beforePrevious = this.#previous;
    this.#previous = character;
    if (this.#length <= 2) return character === '*' ? 'open' : 'text';
    if (this.#length === 3) return /[^\s*]/.test(character) ? 'open' : 'text';
    return isClosed ? 'closed' : 'open';
  }
}

function startSpan(character: string): OpenSpan | undefined {
  if (character === '`') return new CodeSpan();
  return character === '*' ? new BoldSpan() : undefined;
}
