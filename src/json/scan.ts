import { JsonError } from './json-error.js';
import { NUMBER, type NumberState } from './number-grammar.js';
import type { Tree } from './tree.js';

/** What the next character belongs to; and what an error says was expected there. */
const EXPECTED = {
  value: 'a value',
  firstElement: "a value or ']'",
  firstKey: "a key in double quotes or '}'",
  key: 'a key in double quotes',
  colon: "':' after a key",
  afterElement: "',' or ']'",
  afterProperty: "',' or '}'",
  string: 'the closing quote of a string',
  escape: 'one of "\\/bfnrtu after a backslash',
  unicode: 'four hex digits after \\u',
  number: 'the rest of a number',
  literal: 'the rest of a literal',
  done: 'nothing after the value',
  invalid: 'nothing',
} as const;

export type State = keyof typeof EXPECTED;

const AFTER_VALUE = { root: 'done', array: 'afterElement', object: 'afterProperty' } as const;
const AFTER_NUMBER = { root: ' \t\n\r', array: ' \t\n\r,]', object: ' \t\n\r,}' } as const;

/** How far a text has been read: all that the readers of one fragment leave to those of the next. */
export class Scan {
  readonly tree: Tree;
  state: State = 'value';
  error: JsonError | undefined;

  /** What has arrived of a string or a number. It is only added to: looking into it would copy it. */
  text = '';
  /** The high surrogate that a string ends with: it shows together with what follows. */
  held = '';
  /** Whether the string is a key. */
  isKey = false;
  /** What has arrived of the digits after `\u`. */
  hex = '';
  /** What has arrived of a number, as the grammar sees it. */
  number: NumberState = NUMBER;
  /** The literal that is being read, and how many of its letters have arrived. */
  literal: 'true' | 'false' | 'null' = 'null';
  matched = 0;

  readonly #maxDepth: number;
  readonly #maxNodes: number;
  #nodes = 0;
  /** How many characters came before this fragment. */
  #offset = 0;

  constructor(tree: Tree, maxDepth: number, maxNodes: number) {
    this.tree = tree;
    this.#maxDepth = maxDepth;
    this.#maxNodes = maxNodes;
  }

  finishKey(key: string): void {
    this.isKey = false;
    this.tree.key(key);
    this.state = 'colon';
  }

  /** Ends a value that is not a container. */
  finish(value: unknown): void {
    this.tree.put(value);
    this.#finished(value);
  }

  /** Ends a number, if the character after it lets it. @returns where to go on: at that character. */
  finishNumber(text: string, at: number): number {
    const { kind } = this.tree;
    // Else the number has not shown: at a wrong character the value stays what it was.
    if (!AFTER_NUMBER[kind].includes(text.charAt(at))) {
      return this.fail(text, at, EXPECTED[AFTER_VALUE[kind]]);
    }
    this.finish(Number(this.text));
    return at;
  }

  /** Begins a container at its bracket. @returns where to go on. */
  open(kind: 'array' | 'object', text: string, at: number): number {
    if (this.tree.depth === this.#maxDepth) {
      return this.fail(text, at, `at most ${this.#maxDepth} open brackets`);
    }
    if (!this.#hasRoom()) return this.#full(text, at);
    this.tree.open(kind);
    this.state = kind === 'array' ? 'firstElement' : 'firstKey';
    return at + 1;
  }

  /** The colon after a key. @returns where to go on. */
  colon(text: string, at: number): number {
    if (!this.#hasRoom()) return this.#full(text, at);
    this.state = 'value';
    return at + 1;
  }

  /** Ends the innermost container. */
  close(): void {
    this.#finished(this.tree.close());
  }

  /** The character at `at` cannot stand there. @returns where to go on: at the end. */
  fail(text: string, at: number, expected: string = EXPECTED[this.state]): number {
    this.#showString();
    this.error = new JsonError(expected, text[at], this.#offset + at);
    this.state = 'invalid';
    return text.length;
  }

  /** All of a fragment has been read. */
  endFragment(length: number): void {
    this.#offset += length;
    this.#showString();
  }

  /** The text has ended. */
  endText(): void {
    if (this.state === 'number' && this.tree.depth === 0 && this.number.canEnd) {
      this.finish(Number(this.text));
    } else if (this.state !== 'done') {
      this.error ??= new JsonError(EXPECTED[this.state], undefined, this.#offset);
    }
  }

  #hasRoom(): boolean {
    return ++this.#nodes <= this.#maxNodes;
  }

  #full(text: string, at: number): number {
    return this.fail(text, at, `at most ${this.#maxNodes} objects, arrays and properties`);
  }

  #finished(value: unknown): void {
    // Before the listeners hear of it: they may ask for the status.
    this.state = AFTER_VALUE[this.tree.kind];
    this.tree.finished(value);
  }

  #showString(): void {
    const { state } = this;
    const inString = state === 'string' || state === 'escape' || state === 'unicode';
    if (inString && !this.isKey) this.tree.putUnfinished(this.text);
  }
}
