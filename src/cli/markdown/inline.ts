import type { Style } from '../styled.js';
import { type OpenSpan, startSpan } from './open-span.js';

/** Gets text that can be printed now. */
export type Show = (text: string, styles: readonly Style[]) => void;

/** A mark that isn't closed after so many characters is text: a line must not wait longer for it. */
const MAX_HELD = 1_000;

/**
 * Bold, italic, struck, code and links within a line. The text after a mark is held until the mark that closes it,
 * or until `end`: a mark that is never closed is text. The cost is linear in the characters.
 */
export class Inline {
  readonly #show: Show;
  /** Marks that are text. */
  readonly #ignored: string;
  #open: OpenSpan | undefined;
  #previous: string;

  constructor(show: Show, ignored = '', previous = '') {
    this.#show = show;
    this.#ignored = ignored;
    this.#previous = previous;
  }

  push(character: string): void {
    const open = this.#open;
    if (open === undefined) this.#start(character);
    else this.#pushTo(open, character);
  }

  #pushTo(open: OpenSpan, character: string): void {
    const state = open.push(character);
    if (state === 'open' && open.text.length < MAX_HELD) return;
    this.#open = undefined;
    this.#previous = open.mark;
    if (state === 'closed' || state === 'closed before') this.#showSpan(open);
    else this.#showText(open, open.text.slice(0, -character.length));
    if (state !== 'closed') this.push(character);
  }

  /** Shows the rest; what follows is a new line. */
  end(): void {
    const open = this.#open;
    this.#open = undefined;
    this.#previous = '';
    if (open === undefined) return;
    if (open.finish()) this.#showSpan(open);
    else this.#showText(open, open.text);
  }

  #start(character: string): void {
    this.#open = this.#ignored.includes(character)
      ? undefined
      : startSpan(character, this.#previous);
    if (this.#open !== undefined) return;
    this.#previous = character;
    this.#show(character, []);
  }

  #showSpan({ content, styles, suffix, isLiteral }: OpenSpan): void {
    if (isLiteral) this.#show(content, styles);
    else this.#showInner(content, styles, '');
    if (suffix) this.#show(suffix, ['dim']);
  }

  /** The opening mark is text; without marks of its kind the rest is read again. */
  #showText({ mark }: OpenSpan, text: string): void {
    this.#show(text.slice(0, mark.length), []);
    this.#showInner(text.slice(mark.length), [], mark.slice(0, 1));
  }

  #showInner(text: string, styles: readonly Style[], ignored: string): void {
    const show: Show = (inner, more) =>
      this.#show(inner, [...styles, ...more.filter((style) => !styles.includes(style))]);
    const inline = new Inline(show, this.#ignored + ignored, this.#previous);
    for (const character of text) inline.push(character);
    inline.end();
  }
}
