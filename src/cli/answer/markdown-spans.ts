import type { Style } from './style.js';

/**
 * Bold and code within a line. The text after a mark is held until the mark that closes it, or until
 * `end`: a mark that is never closed is text. The cost is linear in the characters.
 */
export class MarkdownSpans {
  readonly #style: Style;
  #open: OpenSpan | undefined;

  constructor(style: Style) {
    this.#style = style;
  }

  /** @returns what can be printed now. */
  push(character: string): string {
    const span = this.#open ?? startSpan(character);
    if (span === undefined) return character;
    const state = span.push(character);
    this.#open = state === 'open' ? span : undefined;
    if (state === 'open') return '';
    if (state === 'closed') return this.#toStyled(span);
    // The held marks are text; the character after them can be a mark.
    return span.text.slice(0, -character.length) + this.push(character);
  }

  /** @returns the rest; what follows is a new line. */
  end(): string {
    const rest = this.#open?.text ?? '';
    this.#open = undefined;
    return rest;
  }

  #toStyled({ kind, content }: OpenSpan): string {
    if (kind === 'code') return this.#style.code(content);
    const inner = new MarkdownSpans(this.#style);
    let out = '';
    for (const character of content) out += inner.push(character);
    return this.#style.bold(out + inner.end());
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
