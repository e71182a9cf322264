import { toGraphemes } from '../layout/cell-width.js';
import type { Action } from './key-reader.js';

/** The text that is being written, of several lines, and the place of the cursor in it. */
export class Editor {
  #text = '';
  #cursor = 0;
  /** Earlier messages, the latest last. */
  readonly #earlier: string[];
  /** Which of them is shown; their number while it is the one being written. */
  #shown: number;
  /** What was being written when an earlier one was shown. */
  #draft = '';

  constructor(earlier: readonly string[] = []) {
    this.#earlier = [...earlier];
    this.#shown = this.#earlier.length;
  }

  get text(): string {
    return this.#text;
  }

  /** Before this character. */
  get cursor(): number {
    return this.#cursor;
  }

  insert(text: string): void {
    this.#replace(this.#cursor, this.#cursor, text);
  }

  /** Does what a key asks for, if it concerns the text. */
  apply(action: Action): void {
    EDITS[action]?.(this);
  }

  /** A backslash before the end continues the message on the next line. @returns whether there was one. */
  continueLine(): boolean {
    const continues = this.#cursor === this.#text.length && /(?<!\\)\\$/.test(this.#text);
    if (continues) this.#replace(this.#cursor - 1, this.#cursor, '\n');
    return continues;
  }

  /** @returns the message, and starts a new one. */
  take(): string {
    const text = this.#text;
    if (text.trim() !== '' && text !== this.#earlier.at(-1)) this.#earlier.push(text);
    this.clear();
    return text;
  }

  clear(): void {
    this.#set('');
    this.#shown = this.#earlier.length;
  }

  /** Replaces a word by what completes it. */
  replaceBefore(length: number, text: string): void {
    this.#replace(this.#cursor - length, this.#cursor, text);
  }

  move(cursor: number): void {
    this.#cursor = Math.max(0, Math.min(cursor, this.#text.length));
  }

  delete(from: number, to: number): void {
    this.#replace(Math.max(0, from), Math.min(to, this.#text.length), '');
  }

  /** Where the character before the cursor begins, or the one after it ends. */
  step(direction: -1 | 1): number {
    const { before, after } = this.#around;
    const [near = ''] =
      direction < 0 ? toGraphemes(before.slice(-20)).slice(-1) : toGraphemes(after.slice(0, 20));
    return this.#cursor + direction * near.length;
  }

  /** Where the word before the cursor begins, or the one after it ends. */
  stepWord(direction: -1 | 1): number {
    const { before, after } = this.#around;
    const characters = direction < 0 ? [...before].reverse() : [...after];
    const isGap = (character: string): boolean => !/[\p{L}\p{N}_]/u.test(character);
    // Back over the gap first, then over the word, and the same forwards.
    const start = characters.findIndex((character) => !isGap(character));
    const rest = start === -1 ? -1 : characters.slice(start).findIndex(isGap);
    const word = characters.slice(0, rest === -1 ? undefined : start + rest).join('');
    return this.#cursor + direction * word.length;
  }

  get lineStart(): number {
    return this.#text.lastIndexOf('\n', this.#cursor - 1) + 1;
  }

  get lineEnd(): number {
    const end = this.#text.indexOf('\n', this.#cursor);
    return end === -1 ? this.#text.length : end;
  }

  /** To the line above or below, at the ends to the message before or after. */
  moveLine(direction: -1 | 1): void {
    const column = this.#cursor - this.lineStart;
    const edge = direction < 0 ? this.lineStart : this.lineEnd;
    if (edge === (direction < 0 ? 0 : this.#text.length)) {
      this.#show(this.#shown + direction);
      return;
    }
    this.#cursor = edge + direction;
    this.#cursor = Math.min(this.lineStart + column, this.lineEnd);
  }

  #show(at: number): void {
    if (at < 0 || at > this.#earlier.length) return;
    if (this.#shown === this.#earlier.length) this.#draft = this.#text;
    this.#shown = at;
    this.#set(this.#earlier[at] ?? this.#draft);
  }

  #set(text: string): void {
    this.#text = text;
    this.#cursor = text.length;
  }

  #replace(from: number, to: number, text: string): void {
    this.#text = this.#text.slice(0, from) + text + this.#text.slice(to);
    this.#cursor = from + text.length;
  }

  get #around(): { before: string; after: string } {
    return { before: this.#text.slice(0, this.#cursor), after: this.#text.slice(this.#cursor) };
  }
}

const EDITS: { readonly [action in Action]?: (editor: Editor) => void } = {
  newline: (editor) => editor.insert('\n'),
  left: (editor) => editor.move(editor.step(-1)),
  right: (editor) => editor.move(editor.step(1)),
  up: (editor) => editor.moveLine(-1),
  down: (editor) => editor.moveLine(1),
  'word left': (editor) => editor.move(editor.stepWord(-1)),
  'word right': (editor) => editor.move(editor.stepWord(1)),
  'line start': (editor) => editor.move(editor.lineStart),
  'line end': (editor) => editor.move(editor.lineEnd),
  'delete before': (editor) => editor.delete(editor.step(-1), editor.cursor),
  'delete after': (editor) => editor.delete(editor.cursor, editor.step(1)),
  'delete word before': (editor) => editor.delete(editor.stepWord(-1), editor.cursor),
  'delete word after': (editor) => editor.delete(editor.cursor, editor.stepWord(1)),
  'delete to line start': (editor) => editor.delete(editor.lineStart, editor.cursor),
  'delete to line end': (editor) => editor.delete(editor.cursor, editor.lineEnd),
};
