import { addSpan, type Span, type Style } from '../styled.js';
import { cellWidth, isWide, toGraphemes } from './cell-width.js';

/** How text is wrapped. */
export interface WrapOptions {
  /** The width of the terminal in cells, asked again for each line: a window can be resized. */
  width: () => number;
  /** Breaks a word that is longer than a line; else the terminal does, so that a link can be copied whole. */
  breaksWords?: boolean;
}

/**
 * Wraps text between words, as it arrives. A word is held until it ends, or until it is longer than a line. What
 * has been returned never changes. The cost is linear in the characters.
 */
export class WordWrap {
  readonly #options: WrapOptions;
  #printed: Span[] = [];
  #word: Span[] = [];
  #wordWidth = 0;
  #endsWide = false;
  /** The word has begun on a line that it doesn't fit into: the terminal breaks it. */
  #isBroken = false;
  #space = '';
  #spaceStyles: readonly Style[] = [];
  #column = 0;
  #indent: readonly Span[] = [];

  constructor(options: WrapOptions) {
    this.#options = options;
  }

  /** @param indent what the lines start with into which the current line is wrapped. */
  set indent(indent: readonly Span[]) {
    this.#indent = indent;
  }

  /** Adds text. A line feed in it ends the line. */
  add(text: string, styles: readonly Style[]): void {
    for (const [part] of text.matchAll(/\n|[ \t]+|[^ \t\n]+/g)) {
      if (part === '\n') this.endLine();
      else if (part.startsWith(' ') || part.startsWith('\t')) this.#addSpace(part, styles);
      else this.#addToWord(part, styles);
    }
  }

  /** Adds text that isn't wrapped, after what is held. */
  addWhole(text: string, styles: readonly Style[]): void {
    this.#endWord();
    this.#flushSpace();
    this.#print(text, styles, cellWidth(text));
  }

  endLine(): void {
    this.#endWord();
    this.#isBroken = false;
    this.#space = '';
    addSpan(this.#printed, '\n', []);
    this.#column = 0;
    this.#indent = [];
  }

  /** Prints what is held of the line; more can follow on it. */
  flush(): void {
    this.#endWord();
  }

  /** Starts over at the start of a line. */
  reset(): void {
    this.#column = 0;
    this.#indent = [];
    this.#space = '';
  }

  /** @returns what can be printed now. */
  take(): Span[] {
    const printed = this.#printed;
    this.#printed = [];
    return printed;
  }

  #addSpace(space: string, styles: readonly Style[]): void {
    this.#endWord();
    this.#isBroken = false;
    this.#space += space.replaceAll('\t', '    ');
    this.#spaceStyles = styles;
  }

  /** Lines can break before and after each East Asian character. */
  #addToWord(text: string, styles: readonly Style[]): void {
    const parts = HAS_WIDE.test(text) ? toGraphemes(text) : [text];
    for (const grapheme of parts) {
      const wide = isWide(grapheme);
      const endsWord = this.#word.length > 0 && (wide || this.#endsWide) && !CLOSING.test(grapheme);
      if (endsWord) this.#endWord();
      this.#grow(grapheme, styles, cellWidth(grapheme));
      this.#endsWide = wide;
    }
  }

  #grow(text: string, styles: readonly Style[], width: number): void {
    if (this.#isBroken) {
      this.#print(text, styles, width);
      return;
    }
    this.#endsWide = false;
    addSpan(this.#word, text, styles);
    this.#wordWidth += width;
    // It fits into no line: what is there of it needn't wait.
    if (this.#wordWidth < this.#options.width()) return;
    this.#endWord();
    this.#isBroken = this.#options.breaksWords !== true;
  }

  #endWord(): void {
    if (this.#word.length === 0) return;
    const word = this.#word;
    const width = this.#wordWidth;
    this.#word = [];
    this.#wordWidth = 0;
    const most = this.#options.width();
    const start = this.#indentWidth;
    if (this.#column > start && this.#column + cellWidth(this.#space) + width > most) this.#wrap();
    this.#flushSpace();
    if (this.#options.breaksWords && this.#column + width > most) this.#printBroken(word, most);
    else for (const span of word) this.#print(span.text, span.styles, cellWidth(span.text));
  }

  #printBroken(word: readonly Span[], most: number): void {
    for (const { text, styles } of word) {
      for (const grapheme of toGraphemes(text)) {
        const width = cellWidth(grapheme);
        if (this.#column + width > most && this.#column > this.#indentWidth) this.#wrap();
        this.#print(grapheme, styles, width);
      }
    }
  }

  get #indentWidth(): number {
    return this.#indent.reduce((sum, { text }) => sum + cellWidth(text), 0);
  }

  #wrap(): void {
    this.#space = '';
    addSpan(this.#printed, '\n', []);
    this.#column = 0;
    for (const { text, styles } of this.#indent) this.#print(text, styles, cellWidth(text));
  }

  #flushSpace(): void {
    const space = this.#space;
    this.#space = '';
    this.#print(space, this.#spaceStyles, space.length);
  }

  #print(text: string, styles: readonly Style[], width: number): void {
    addSpan(this.#printed, text, styles);
    const most = this.#options.width();
    const column = this.#column + width;
    this.#column = column > most ? ((column - 1) % most) + 1 : column;
  }
}

/** Some characters after which a line can break; the exact test is that of each grapheme. */
const HAS_WIDE = /[\u1100-\uffff\u{1f000}-\u{3ffff}]/u;

/** What doesn't start a line. */
const CLOSING = /^[\p{Pe}\p{Pf}、。，．！？：；…·ー々\p{Mn}]/u;
