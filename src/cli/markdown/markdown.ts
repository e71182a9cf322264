import { WordWrap } from '../layout/word-wrap.js';
import type { Span, Style } from '../styled.js';
import { CodeBlock } from './code-block.js';
import { Inline } from './inline.js';
import { isRule, readBlockFence, readLineStart } from './line-start.js';
import { isDelimiterRow, toTable } from './table.js';

/** The kind of the current line; `start` while it isn't known yet, `held` if it is read as a whole. */
type Line = 'start' | 'text' | 'heading' | 'held';

/** A longer line isn't held: it is text, or code without colours. */
const MAX_HELD = 4_000;

/**
 * Streams Markdown to a terminal. Printed text never changes: while the meaning of a mark is open, the text is
 * held, at most until its line ends; a table, until its last row. Lines are wrapped between words, code is not.
 */
export class Markdown {
  readonly #width: () => number;
  readonly #wrap: WordWrap;
  readonly #inline: Inline;
  #line: Line = 'start';
  /** What isn't printed yet of the current line. */
  #held = '';
  /** The block quotes that the line is in. */
  #quotes = 0;
  #code: CodeBlock | undefined;
  #table: string[] = [];

  /** @param width of the terminal in cells. Default: lines aren't wrapped. */
  constructor(width: () => number = () => Number.POSITIVE_INFINITY) {
    this.#width = width;
    this.#wrap = new WordWrap({ width });
    this.#inline = new Inline((text, styles) => this.#showInLine(text, styles));
  }

  /** @returns what can be printed now. */
  push(text: string): Span[] {
    for (const character of text) {
      if (character === '\n') this.#endLine();
      else this.#take(character);
    }
    return this.#wrap.take();
  }

  /** @returns the rest; the text ends here, in the middle of a line or not. */
  end(): Span[] {
    const isOpen = this.#line !== 'start' || this.#held !== '';
    if (isOpen) this.#finishLine();
    this.#showTable(false);
    this.#wrap.flush();
    this.#code = undefined;
    this.#line = 'start';
    this.#quotes = 0;
    const rest = this.#wrap.take();
    this.#wrap.reset();
    return rest;
  }

  #take(character: string): void {
    if (this.#line === 'text' || this.#line === 'heading') {
      this.#inline.push(character);
      return;
    }
    this.#held += character;
    if (this.#line === 'start') this.#readStart();
    else if (this.#held.length > MAX_HELD) this.#showLongLine();
  }

  #readStart(): void {
    // A line of a code block is coloured as a whole.
    if (this.#code !== undefined) {
      this.#line = 'held';
      return;
    }
    const start = readLineStart(this.#held);
    if (start.kind === 'undecided') return;
    if (start.kind === 'table' && this.#quotes === 0) {
      this.#line = 'held';
      return;
    }
    this.#showTable(true);
    if (start.kind === 'quote' && this.#quotes < MAX_QUOTES) this.#startQuote(start.rest);
    else if (start.kind === 'item') this.#startItem(start.shown);
    else if (start.kind === 'heading') this.#startText('heading', '');
    else this.#startText('text', this.#held);
  }

  #startQuote(rest: string): void {
    this.#quotes++;
    this.#held = rest;
    this.#wrap.addWhole(QUOTE, ['dim']);
    this.#wrap.indent = toQuotes(this.#quotes);
    if (rest !== '') this.#readStart();
  }

  #startItem(shown: string): void {
    this.#wrap.addWhole(shown, []);
    this.#setIndent(shown.length);
    this.#startText('text', '');
  }

  #startText(line: 'text' | 'heading', text: string): void {
    this.#line = line;
    this.#held = '';
    const spaces = text.length - text.trimStart().length;
    if (spaces > 0) this.#setIndent(spaces);
    for (const character of text) this.#inline.push(character);
  }

  #setIndent(width: number): void {
    const spaces = ' '.repeat(Math.min(width, Math.floor(this.#width() / 2)));
    this.#wrap.indent = [...toQuotes(this.#quotes), { text: spaces, styles: [] }];
  }

  #endLine(): void {
    const isTableRow = this.#finishLine();
    // The line feed of a table's row is shown with the table.
    if (!isTableRow) this.#wrap.endLine();
    this.#line = 'start';
    this.#held = '';
    this.#quotes = 0;
  }

  /** @returns whether the line was kept for a table. */
  #finishLine(): boolean {
    const line = this.#held;
    this.#held = '';
    if (this.#code !== undefined) this.#finishCodeLine(line);
    else if (this.#line === 'held') return this.#keepRow(line);
    else if (this.#line === 'start') this.#finishShortLine(line);
    else this.#inline.end();
    return false;
  }

  /** A line that ended before its kind was known: a fence, a rule, a few marks, or nothing. */
  #finishShortLine(line: string): void {
    this.#showTable(true);
    const fence = readBlockFence(line);
    if (fence !== undefined && fence.indent <= 3) {
      this.#code = new CodeBlock(fence, this.#quotes);
      this.#wrap.addWhole(this.#toRule(fence.language), ['dim']);
    } else if (isRule(line)) this.#wrap.addWhole(this.#toRule(''), ['dim']);
    else if (line === '>') this.#wrap.addWhole(QUOTE.trimEnd(), ['dim']);
    else {
      for (const character of line) this.#inline.push(character);
      this.#inline.end();
    }
  }

  #toRule(name: string): string {
    const width = Math.min(this.#width() - QUOTE.length * this.#quotes, RULE_WIDTH);
    return `${name === '' ? '' : `── ${name} `}`.padEnd(width, '─');
  }

  #finishCodeLine(line: string): void {
    const { quotes } = this.#code as CodeBlock;
    const shown = (this.#code as CodeBlock).push(line);
    for (let at = 0; at < quotes; at++) this.#wrap.addWhole(QUOTE, ['dim']);
    if (shown === 'end') {
      this.#code = undefined;
      this.#quotes = quotes;
      this.#wrap.addWhole(this.#toRule(''), ['dim']);
    } else for (const { text, styles } of shown) this.#wrap.addWhole(text, styles);
  }

  #keepRow(line: string): true {
    this.#table.push(line);
    const isTable = this.#table.length === 1 || isDelimiterRow(this.#table[1] ?? '');
    if (!isTable) this.#showTable(true);
    return true;
  }

  /** Shows the table that has ended. @param endsLine whether a line follows it. */
  #showTable(endsLine: boolean): void {
    const rows = this.#table;
    if (rows.length === 0) return;
    this.#table = [];
    const lines = toTable(rows, this.#width());
    lines.forEach((line, at) => {
      for (const { text, styles } of line) this.#wrap.addWhole(text, styles);
      if (endsLine || at < lines.length - 1) this.#wrap.endLine();
    });
  }

  #showLongLine(): void {
    const line = this.#held;
    if (this.#code !== undefined) {
      for (const { text, styles } of this.#code.pushPart(line)) this.#wrap.addWhole(text, styles);
      this.#held = '';
      return;
    }
    this.#showTable(true);
    this.#startText('text', line);
  }

  #showInLine(text: string, styles: readonly Style[]): void {
    const isBold = this.#line === 'heading' && !styles.includes('bold');
    this.#wrap.add(text, isBold ? ['bold', ...styles] : styles);
  }
}

const QUOTE = '│ ';
const RULE_WIDTH = 40;
/** Deeper ones are text. */
const MAX_QUOTES = 8;

function toQuotes(count: number): Span[] {
  return count === 0 ? [] : [{ text: QUOTE.repeat(count), styles: ['dim'] }];
}
