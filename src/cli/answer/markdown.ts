import { MarkdownSpans } from './markdown-spans.js';
import { STYLED, type Style } from './style.js';

/**
 * Streams Markdown to a terminal: headings and bold are bold, code has a colour, list items have
 * bullets, the rest stays as it is. Printed text never changes: while the meaning of a mark is open, the
 * text is held, at most until its line ends.
 */
export class Markdown {
  readonly #style: Style;
  readonly #spans: MarkdownSpans;
  #line: Line = 'start';
  /** The start of a line whose kind isn't known yet. */
  #held = '';
  /** The marks that opened a code block. */
  #fence: string | undefined;

  constructor(style: Style = STYLED) {
    this.#style = style;
    this.#spans = new MarkdownSpans(style);
  }

  /** @returns what can be printed now. */
  push(text: string): string {
    let out = '';
    for (const character of text) {
      out += character === '\n' ? `${this.#endLine()}\n` : this.#take(character);
    }
    return joinStyles(out);
  }

  /** @returns the rest; the text ends here. */
  end(): string {
    const rest = this.#endLine();
    this.#fence = undefined;
    return joinStyles(rest);
  }

  #take(character: string): string {
    if (this.#line !== 'start') return this.#show(character);
    this.#held += character;
    const { line, text } = this.#fence === undefined ? readStart(this.#held) : readCode(this.#held);
    if (line === 'start') return '';
    this.#line = line;
    this.#held = '';
    return this.#show(text);
  }

  #show(text: string): string {
    if (this.#line === 'code') return this.#style.code(text);
    let out = '';
    for (const character of text) out += this.#spans.push(character);
    return this.#styleHeading(out);
  }

  #endLine(): string {
    const rest =
      this.#line === 'start'
        ? this.#showWholeLine(this.#held)
        : this.#styleHeading(this.#spans.end());
    this.#line = 'start';
    this.#held = '';
    return rest;
  }

  /** A line that ends before its kind is known: a fence, or a few marks. */
  #showWholeLine(line: string): string {
    if (this.#fence !== undefined) {
      if (!line.trim().startsWith(this.#fence)) return this.#style.code(line);
      this.#fence = undefined;
      return this.#style.dim(line);
    }
    this.#fence = FENCE.exec(line)?.[1];
    return this.#fence === undefined ? line : this.#style.dim(line);
  }

  #styleHeading(text: string): string {
    return this.#line === 'heading' ? this.#style.bold(text) : text;
  }
}

/** The kind of a line; `start` while it isn't known yet. */
type Line = 'start' | 'text' | 'heading' | 'code';

/** The start of a code block, with its language. */
const FENCE = /^ {0,3}(`{3,}|~{3,})[^`]*$/;

/** Could still become a mark. */
const UNDECIDED = /^ *(#{0,6}|[-*+]|`{1,2}|~{1,2})$/;

/** A longer start is text: each of its characters costs a scan of the whole start. */
const MAX_START = 200;

function readStart(held: string): { line: Line; text: string } {
  if (held.length > MAX_START) return { line: 'text', text: held };
  if (UNDECIDED.test(held) || FENCE.test(held)) return { line: 'start', text: '' };
  if (/^ {0,3}#{1,6} $/.test(held)) return { line: 'heading', text: '' };
  const indent = /^( *)[-*+] $/.exec(held)?.[1];
  return { line: 'text', text: indent === undefined ? held : `${indent}• ` };
}

/** In a code block, a line can be the end of the block. */
function readCode(held: string): { line: Line; text: string } {
  const canEnd = held.length <= MAX_START && /^ {0,3}(`*|~*) *$/.test(held);
  return canEnd ? { line: 'start', text: '' } : { line: 'code', text: held };
}

/** Omits codes that turn a style off and immediately on again. */
function joinStyles(text: string): string {
  return text.replaceAll('\u001b[22m\u001b[1m', '').replaceAll('\u001b[39m\u001b[36m', '');
}
