import type { Fence } from '../answer/fence.js';
import type { Span } from '../styled.js';
import { Highlighter } from './highlighter.js';

/** A fenced code block, line by line. */
export class CodeBlock {
  /** The block quotes that it is in. */
  readonly quotes: number;
  readonly #marks: string;
  readonly #highlighter: Highlighter | undefined;

  constructor({ marks, language }: Fence & { language: string }, quotes: number) {
    this.quotes = quotes;
    this.#marks = marks;
    this.#highlighter = Highlighter.of(language);
  }

  /** @returns a line with its colours, or `end` if it closes the block. */
  push(line: string): Span[] | 'end' {
    const code = this.#withoutQuotes(line);
    if (code.trim().startsWith(this.#marks) && /^ {0,3}(?:`+|~+) *$/.test(code)) return 'end';
    return this.#highlighter?.push(code) ?? toPlain(code);
  }

  /** @returns the start of a line that is too long to be held. */
  pushPart(text: string): Span[] {
    return toPlain(text);
  }

  #withoutQuotes(line: string): string {
    let code = line;
    for (let at = 0; at < this.quotes; at++) code = code.replace(/^ {0,3}> ?/, '');
    return code;
  }
}

const toPlain = (text: string): Span[] => (text === '' ? [] : [{ text, styles: ['code'] }]);
