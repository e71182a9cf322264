import type { Style } from '../styled.js';

/** A span within a line whose closing mark hasn't arrived. */
export interface OpenSpan {
  /** The marks that opened it. */
  readonly mark: string;
  /** All of it, marks included. */
  readonly text: string;
  /** What is shown of it, once it is closed. */
  readonly content: string;
  readonly styles: readonly Style[];
  /** What is shown after it, such as the address of a link. */
  readonly suffix?: string;
  /** Its content has no marks. */
  readonly isLiteral: boolean;
  /**
   * @returns whether it is still open, closed by this character or before it, or is text: the character is then
   * the last of `text`.
   */
  push(character: string): SpanState;
  /** Whether it is closed at the end of the line. */
  finish(): boolean;
}

export type SpanState = 'open' | 'closed' | 'closed before' | 'text';

/** The span that a character opens, if it is a mark. @param previous the character before it. */
export function startSpan(character: string, previous: string): OpenSpan | undefined {
  return Object.hasOwn(SPANS, character) ? SPANS[character]?.(character, previous) : undefined;
}

const SPANS: Readonly<Record<string, (mark: string, previous: string) => OpenSpan>> = {
  '`': () => new CodeSpan(),
  '*': (mark, previous) => new Emphasis(mark, previous),
  _: (mark, previous) => new Emphasis(mark, previous),
  '~': (mark, previous) => new Emphasis(mark, previous),
  '[': (mark) => new Link(mark),
  '!': (mark) => new Link(mark),
  '<': () => new AutoLink(),
  '\\': () => new Escaped(),
};

/** Backticks, text, and as many backticks again. */
class CodeSpan implements OpenSpan {
  readonly styles = ['code'] as const;
  readonly isLiteral = true;
  text = '`';
  #opening = 1;
  #closing = 0;
  #isInside = false;

  get mark(): string {
    return '`'.repeat(this.#opening);
  }

  get content(): string {
    const content = this.text.slice(this.#opening, -this.#opening);
    const isPadded = content.startsWith(' ') && content.endsWith(' ') && /[^ ]/.test(content);
    return isPadded ? content.slice(1, -1) : content;
  }

  push(character: string): SpanState {
    this.text += character;
    if (character !== '`') {
      this.#isInside = true;
      this.#closing = 0;
    } else if (this.#isInside) this.#closing++;
    else this.#opening++;
    return this.finish() ? 'closed' : 'open';
  }

  finish(): boolean {
    return this.#isInside && this.#closing === this.#opening;
  }
}

const EMPHASIS: Readonly<Record<string, readonly (readonly Style[])[]>> = {
  '*': [[], ['italic'], ['bold'], ['bold', 'italic']],
  _: [[], ['italic'], ['bold'], ['bold', 'italic']],
  '~': [[], [], ['strike']],
};

/** Like CommonMark: no space after the opening marks, and none before the closing ones. */
class Emphasis implements OpenSpan {
  readonly isLiteral = false;
  text: string;
  readonly #character: string;
  readonly #isAfterWord: boolean;
  #opening = 1;
  #closing = 0;
  #previous = '';
  #isInside = false;

  constructor(character: string, previous: string) {
    this.#character = character;
    this.text = character;
    this.#isAfterWord = isWordCharacter(previous);
  }

  get mark(): string {
    return this.#character.repeat(this.#opening);
  }

  get styles(): readonly Style[] {
    return EMPHASIS[this.#character]?.[this.#opening] ?? [];
  }

  get content(): string {
    const end = this.text.lastIndexOf(this.#character) + 1 - this.#opening;
    return this.text.slice(this.#opening, end);
  }

  push(character: string): SpanState {
    this.text += character;
    if (!this.#isInside) return this.#open(character);
    if (character === this.#character) {
      this.#closing++;
      return 'open';
    }
    if (this.#closes(character)) return 'closed before';
    this.#closing = 0;
    this.#previous = character;
    return 'open';
  }

  #open(character: string): SpanState {
    if (character === this.#character) {
      this.#opening++;
      return 'open';
    }
    this.#isInside = true;
    this.#previous = character;
    // In words, only asterisks by twos: 2*3*4 and snake_case are text.
    const isInWord = this.#isAfterWord && !(this.#character === '*' && this.#opening > 1);
    return isInWord || this.styles.length === 0 || /\s/.test(character) ? 'text' : 'open';
  }

  finish(): boolean {
    return this.#closes('');
  }

  #closes(next: string): boolean {
    // Three close one or two, and a span within.
    const fits = this.#closing === this.#opening || (this.#closing === 3 && this.#opening < 3);
    const isInWord = this.#character === '_' && isWordCharacter(next);
    return this.#isInside && fits && !isInWord && !/[\s([{<]/.test(this.#previous);
  }
}

const isWordCharacter = (character: string): boolean => /[\p{L}\p{N}]$/u.test(character);

/** `[text](address "title")`, and the same of an image. */
class Link implements OpenSpan {
  readonly mark: string;
  readonly styles = ['underline'] as const;
  readonly isLiteral = false;
  text: string;
  /** Where the address begins. */
  #address = 0;
  #depth: number;
  #part: 'text' | 'between' | 'address' = 'text';

  constructor(mark: string) {
    this.mark = mark;
    this.text = mark;
    // An image has its bracket after the mark.
    this.#depth = mark === '[' ? 1 : 0;
  }

  get content(): string {
    return this.text.slice(this.text.indexOf('[') + 1, this.#address - 2) || this.#target;
  }

  get suffix(): string {
    return this.content === this.#target ? '' : ` (${this.#target})`;
  }

  get #target(): string {
    const [target = ''] = this.text.slice(this.#address, -1).trim().split(/\s/, 1);
    return target.replace(/^<(.*)>$/, '$1');
  }

  push(character: string): SpanState {
    this.text += character;
    if (this.mark === '!' && this.text.length === 2 && character !== '[') return 'text';
    if (this.#part === 'between') return this.#startAddress(character);
    const [open, close] = this.#part === 'text' ? '[]' : '()';
    if (character === open) this.#depth++;
    else if (character === close) this.#depth--;
    if (this.#depth > 0) return 'open';
    if (this.#part === 'address') return 'closed';
    this.#part = 'between';
    return 'open';
  }

  #startAddress(character: string): SpanState {
    this.#part = 'address';
    this.#depth = 1;
    this.#address = this.text.length;
    return character === '(' ? 'open' : 'text';
  }

  finish(): boolean {
    return false;
  }
}

/** `<https://…>` */
class AutoLink implements OpenSpan {
  readonly mark = '<';
  readonly styles = ['underline'] as const;
  readonly isLiteral = true;
  text = '<';

  get content(): string {
    return this.text.slice(1, -1);
  }

  push(character: string): SpanState {
    this.text += character;
    if (character === '>') return /^<(?:https?:\/\/|mailto:)./.test(this.text) ? 'closed' : 'text';
    const isAddress = this.text.length > 8 || START_OF_ADDRESS.test(this.text);
    return isAddress && /[^\s<]/.test(character) ? 'open' : 'text';
  }

  finish(): boolean {
    return false;
  }
}

/** As much of it as there is. */
const START_OF_ADDRESS =
  /^<(?:$|h$|ht$|htt$|http$|https?:?$|https?:\/$|https?:\/\/|m$|ma$|mai$|mail$|mailt$|mailto)/;

/** A backslash before a mark. Before other characters it is text, as in LaTeX and paths. */
class Escaped implements OpenSpan {
  readonly mark = '\\';
  readonly styles = [] as const;
  readonly isLiteral = true;
  text = '\\';

  get content(): string {
    return this.text.slice(1);
  }

  push(character: string): SpanState {
    this.text += character;
    return /[`*_~#<>|!+.\-\\]/.test(character) ? 'closed' : 'text';
  }

  finish(): boolean {
    return false;
  }
}
