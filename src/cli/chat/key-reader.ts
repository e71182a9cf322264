/** What was typed: an action of the editor, or text. */
export type Key = { readonly action: Action } | { readonly text: string };

export type Action = (typeof ACTIONS)[keyof typeof ACTIONS];

/** What the terminal sends for a key, and what the key does. Terminals differ in some. */
const ACTIONS = {
  '\r': 'submit',
  '\n': 'newline',
  '\x1b\r': 'newline',
  '\x1b\n': 'newline',
  '\x1b[13;2u': 'newline',
  '\x1b[27;2;13~': 'newline',
  '\x03': 'interrupt',
  '\x04': 'end of input',
  '\x1a': 'suspend',
  '\x0c': 'clear screen',
  '\x7f': 'delete before',
  '\b': 'delete before',
  '\x1b[3~': 'delete after',
  '\x17': 'delete word before',
  '\x1b\x7f': 'delete word before',
  '\x1b\b': 'delete word before',
  '\x1bd': 'delete word after',
  '\x1b[3;5~': 'delete word after',
  '\x15': 'delete to line start',
  '\x0b': 'delete to line end',
  '\x1b[D': 'left',
  '\x1bOD': 'left',
  '\x02': 'left',
  '\x1b[C': 'right',
  '\x1bOC': 'right',
  '\x06': 'right',
  '\x1b[A': 'up',
  '\x1bOA': 'up',
  '\x10': 'up',
  '\x1b[B': 'down',
  '\x1bOB': 'down',
  '\x0e': 'down',
  '\x1b[1;5D': 'word left',
  '\x1b[1;3D': 'word left',
  '\x1bb': 'word left',
  '\x1b[1;5C': 'word right',
  '\x1b[1;3C': 'word right',
  '\x1bf': 'word right',
  '\x1b[H': 'line start',
  '\x1bOH': 'line start',
  '\x1b[1~': 'line start',
  '\x1b[7~': 'line start',
  '\x01': 'line start',
  '\x1b[F': 'line end',
  '\x1bOF': 'line end',
  '\x1b[4~': 'line end',
  '\x1b[8~': 'line end',
  '\x05': 'line end',
} as const;

const ESC = '\x1b';
const PASTE_START = `${ESC}[200~`;
const PASTE_END = `${ESC}[201~`;

/** One key: an escape sequence, a control character, or text up to the next of them. */
export const KEY: RegExp = new RegExp(
  `${ESC}(?:\\[[0-9;?]*[ -/]*[@-~]|O[@-~]|[^[O${ESC}])|\\p{Cc}|\\P{Cc}+`,
  'gu',
);

/** The start of a sequence that the rest of has not arrived. */
export const INCOMPLETE: RegExp = new RegExp(`${ESC}(?:\\[[0-9;?]*[ -/]*|O)?$`);

/**
 * Makes keys of what a terminal sends. A paste is one text: terminals with bracketed paste mark it, and of the
 * others, several lines at once are one.
 */
export class KeyReader {
  #rest = '';
  #paste: string | undefined;

  push(chunk: string): Key[] {
    if (this.#paste === undefined && this.#rest === '' && isUnmarkedPaste(chunk)) {
      return [{ text: toLines(chunk) }];
    }
    const keys: Key[] = [];
    let input = this.#rest + chunk;
    this.#rest = '';
    while (input !== '') {
      if (this.#paste === undefined) input = this.#readKeys(input, keys);
      else input = this.#readPaste(input, keys);
    }
    return keys;
  }

  /** @returns the rest, from the start of a paste. */
  #readKeys(input: string, keys: Key[]): string {
    const start = input.indexOf(PASTE_START);
    const typed = start === -1 ? input : input.slice(0, start);
    // Escape by itself is a key. The rest of a sequence comes with the next chunk.
    const isWhole = start !== -1 || typed === '\x1b';
    const cut = (isWhole ? undefined : INCOMPLETE.exec(typed)?.index) ?? typed.length;
    this.#rest = typed.slice(cut);
    for (const [key] of typed.slice(0, cut).matchAll(KEY)) addKey(key, keys);
    if (start === -1) return '';
    this.#paste = '';
    return input.slice(start + PASTE_START.length);
  }

  /** @returns the rest after the paste. */
  #readPaste(input: string, keys: Key[]): string {
    const pasted = `${this.#paste}${input}`;
    const end = pasted.indexOf(PASTE_END);
    this.#paste = end === -1 ? pasted : undefined;
    if (end === -1) return '';
    keys.push({ text: toLines(pasted.slice(0, end)) });
    return pasted.slice(end + PASTE_END.length);
  }
}

function addKey(key: string, keys: Key[]): void {
  if (Object.hasOwn(ACTIONS, key)) keys.push({ action: ACTIONS[key as keyof typeof ACTIONS] });
  // Keys without an action are ignored.
  else if (!/^\p{Cc}/u.test(key)) keys.push({ text: key });
}

/** People don't type several lines between two reads. */
function isUnmarkedPaste(chunk: string): boolean {
  return /[\r\n][^\r\n]/.test(chunk) && !/[^\P{Cc}\r\n\t]/u.test(chunk);
}

const toLines = (text: string): string => text.replace(/\r\n?/g, '\n');
