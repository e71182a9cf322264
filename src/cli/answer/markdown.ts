import { MarkdownSpans } from './markdown-spans.js';
import { STYLED, type Style } from './style.js';

/**
 * Markdown for a terminal, written as it comes: headings and bold are bold, code has a colour, list
 * items have bullets; the rest is as it was written. What is returned is never taken back: where a
 * mark may turn out to mean something the text is held, at most until its line ends.
 */
export class Markdown {
  readonly #style: Style;
  readonly #spans: MarkdownSpans;
  #line: Line = 'start';
  /** Of a line whose kind is not known yet. */
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
    return joined(out);
  }

  /** @returns the rest of a text that ends here. */
  end(): string {
    const rest = this.#endLine();
    this.#fence = undefined;
    return joined(rest);
  }

  #take(character: string): string {
    if (this.#line !== 'start') return this.#shown(character);
    this.#held += character;
    const { line, text } = this.#fence === undefined ? readStart(this.#held) : readCode(this.#held);
    if (line === 'start') return '';
    this.#line = line;
    this.#held = '';
    return this.#shown(text);
  }

  #shown(text: string): string {
    if (this.#line === 'code') return this.#style.code(text);
    let out = '';
    for (const character of text) out += this.#spans.push(character);
    return this.#headed(out);
  }

  #endLine(): string {
    const rest =
      this.#line === 'start' ? this.#wholeLine(this.#held) : this.#headed(this.#spans.end());
    this.#line = 'start';
    this.#held = '';
    return rest;
  }

  /** A line that ends before its kind is known: a fence, or a few marks. */
  #wholeLine(line: string): string {
    if (this.#fence !== undefined) {
      if (!line.trim().startsWith(this.#fence)) return this.#style.code(line);
      this.#fence = undefined;
      return this.#style.dim(line);
    }
    this.#fence = FENCE.exec(line)?.[1];
    return this.#fence === undefined ? line : this.#style.dim(line);
  }

  #headed(text: string): string {
    return this.#line === 'heading' ? this.#style.bold(text) : text;
  }
}

/** What kind of line it is; `start` where that is not known yet. */
type Line = 'start' | 'text' | 'heading' | 'code';

/** A code block opens, with what language it is in. */
const FENCE = /^ {0,3}(`{3,}|~{3,})[^`]*$/;

/** What may still become something. */
const UNDECIDED = /^ *(#{0,6}|[-*+]|`{1,2}|~{1,2})$/;

/** A longer start is text: each character of a start costs a look at all of it. */
const MAX_START = 200;

function readStart(held: string): { line: Line; text: string } {
  if (held.length > MAX_START) return { line: 'text', text: held };
  if (UNDECIDED.test(held) || FENCE.test(held)) return { line: 'start', text: '' };
  if (/^ {0,3}#{1,6} $/.test(held)) return { line: 'heading', text: '' };
  const indent = /^( *)[-*+] $/.exec(held)?.[1];
  return { line: 'text', text: indent === undefined ? held : `${indent}• ` };
}

/** Within a code block a line can be its end. */
function readCode(held: string): { line: Line; text: string } {
  const mayEnd = held.length <= MAX_START && /^ {0,3}(`*|~*) *$/.test(held);
  return mayEnd ? { line: 'start', text: '' } : { line: 'code', text: held };
}

/** Without what turns a style off and at once on again. */
function joined(text: string): string {
  return text.replaceAll('\u001b[22m\u001b[1m', '').replaceAll('\u001b[39m\u001b[36m', '');
}
