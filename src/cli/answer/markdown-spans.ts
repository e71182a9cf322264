import type { Style } from './style.js';

/**
 * Bold and code within a line. What follows a mark is held until the mark that closes it, or until
 * `end`: a mark that closes nothing is text.
 */
export class MarkdownSpans {
  readonly #style: Style;
  #held = '';

  constructor(style: Style) {
    this.#style = style;
  }

  /** @returns what can be printed now. */
  push(character: string): string {
    const held = this.#held;
    const open = held + character;
    const mark = open.charAt(0);
    const read = mark === '`' ? readCode(open) : mark === '*' ? readBold(open) : 'text';
    this.#held = read === 'open' ? open : '';
    if (read === 'open') return '';
    if (typeof read === 'object') return this.#styled(read);
    // The mark that was held is none; what ended it can be one itself.
    return held === '' ? character : held + this.push(character);
  }

  /** @returns the rest; what follows is a new line. */
  end(): string {
    const rest = this.#held;
    this.#held = '';
    return rest;
  }

  #styled({ bold, code }: Span): string {
    if (code !== undefined) return this.#style.code(code);
    const inner = new MarkdownSpans(this.#style);
    let out = '';
    for (const character of bold ?? '') out += inner.push(character);
    return this.#style.bold(out + inner.end());
  }
}

interface Span {
  bold?: string;
  code?: string;
}

type Read = 'open' | 'text' | Span;

function readCode(open: string): Read {
  const marks = /^`+/.exec(open)?.[0] ?? '';
  const code = open.slice(marks.length);
  if (code.length <= marks.length || !code.endsWith(marks)) return 'open';
  return { code: code.slice(0, -marks.length) };
}

/** Like CommonMark: what opens has no space after it, what closes none before it. */
function readBold(open: string): Read {
  if (open === '*' || open === '**') return 'open';
  if (!/^\*\*[^\s*]/.test(open)) return 'text';
  return open.length > 4 && /\S\*\*$/.test(open) ? { bold: open.slice(2, -2) } : 'open';
}
