import type { Span, Style } from '../styled.js';
import { type Fence, readFence } from './fence.js';
import { MarkdownSpans } from './markdown-spans.js';

/**
 * Streams Markdown to a terminal: headings and bold are bold, code has a colour, list items have
 * bullets, the rest stays as it is. Printed text never changes: while the meaning of a mark is open, the
 * text is held, at most until its line ends.
 */
export class Markdown {
  readonly #spans = new MarkdownSpans((text, styles) => this.#showInLine(text, styles));
  #shown: Span[] = [];
  #line: Line = 'start';
  /** The start of a line whose kind isn't known yet. */
  #held = '';
  /** The marks that opened a code block. */
  #fence: string | undefined;

  /** @returns what can be printed now. */
  push(text: string): Span[] {
    for (const character of text) {
      if (character !== '\n') {
        this.#take(character);
        continue;
      }
      this.#endLine();
      this.#show('\n', []);
    }
    return this.#takeShown();
  }

  /** @returns the rest; the text ends here. */
  end(): Span[] {
    this.#endLine();
    this.#fence = undefined;
    return this.#takeShown();
  }

  #takeShown(): Span[] {
    const shown = this.#shown;
    this.#shown = [];
    return shown;
  }

  #take(character: string): void {
    if (this.#line === 'start') this.#takeAtStart(character);
    else this.#showText(character);
  }

  #takeAtStart(character: string): void {
    this.#held += character;
    const { line, text } = this.#fence === undefined ? readStart(this.#held) : readCode(this.#held);
    if (line === 'start') return;
    this.#line = line;
    this.#held = '';
    this.#showText(text);
  }

  #showText(text: string): void {
    if (this.#line === 'code') this.#show(text, ['code']);
    else for (const character of text) this.#spans.push(character);
  }

  #endLine(): void {
    if (this.#line === 'start') this.#showWholeLine(this.#held);
    else this.#spans.end();
    this.#line = 'start';
    this.#held = '';
  }

  /** A line that ends before its kind is known: a fence, or a few marks. */
  #showWholeLine(line: string): void {
    if (this.#fence === undefined) {
      this.#fence = readBlockStart(line)?.marks;
      this.#show(line, this.#fence === undefined ? [] : ['dim']);
      return;
    }
    const isEnd = line.trim().startsWith(this.#fence);
    if (isEnd) this.#fence = undefined;
    this.#show(line, [isEnd ? 'dim' : 'code']);
  }

  #showInLine(text: string, styles: readonly Style[]): void {
    const isBold = this.#line === 'heading' && !styles.includes('bold');
    this.#show(text, isBold ? ['bold', ...styles] : styles);
  }

  #show(text: string, styles: readonly Style[]): void {
    if (text === '') return;
    const last = this.#shown.at(-1);
    if (last !== undefined && isSame(last.styles, styles)) {
      this.#shown[this.#shown.length - 1] = { text: last.text + text, styles };
    } else this.#shown.push({ text, styles });
  }
}

function isSame(one: readonly Style[], other: readonly Style[]): boolean {
  return one.length === other.length && one.every((style, at) => style === other[at]);
}

/** The kind of a line; `start` while it isn't known yet. */
type Line = 'start' | 'text' | 'heading' | 'code';

/** A line that is indented further is text. */
function readBlockStart(line: string): Fence | undefined {
  const fence = readFence(line);
  return fence === undefined || fence.indent > 3 ? undefined : fence;
}

/** Could still become a mark. */
const UNDECIDED = /^ *(#{0,6}|[-*+]|`{1,2}|~{1,2})$/;

/** A longer start is text: each of its characters costs a scan of the whole start. */
const MAX_START = 200;

function readStart(held: string): { line: Line; text: string } {
  if (held.length > MAX_START) return { line: 'text', text: held };
  if (UNDECIDED.test(held) || readBlockStart(held) !== undefined) {
    return { line: 'start', text: '' };
  }
  if (/^ {0,3}#{1,6} $/.test(held)) return { line: 'heading', text: '' };
  const indent = /^( *)[-*+] $/.exec(held)?.[1];
  return { line: 'text', text: indent === undefined ? held : `${indent}• ` };
}

/** In a code block, a line can be the end of the block. */
function readCode(held: string): { line: Line; text: string } {
  const canEnd = held.length <= MAX_START && /^ {0,3}(`*|~*) *$/.test(held);
  return canEnd ? { line: 'start', text: '' } : { line: 'code', text: held };
}
