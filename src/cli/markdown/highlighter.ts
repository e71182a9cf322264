import { addSpan, type Span, type Style } from '../styled.js';
import { findLanguage, type Language } from './languages.js';

/** Colours the code of one language, line by line: comments, strings, numbers and keywords. */
export class Highlighter {
  readonly #language: Language;
  readonly #tokens: RegExp;
  /** What closes the comment or string that a line before has opened. */
  #open: { close: string; style: Style } | undefined;

  private constructor(language: Language) {
    this.#language = language;
    this.#tokens = toTokens(language);
  }

  /** @param name as it stands on a fence. @returns undefined for an unknown language. */
  static of(name: string): Highlighter | undefined {
    const language = findLanguage(name.toLowerCase());
    return language && new Highlighter(language);
  }

  push(line: string): Span[] {
    const spans: Span[] = [];
    const byLine = this.#language.lines?.find(({ start }) => line.startsWith(start));
    if (byLine !== undefined) {
      addSpan(spans, line, [byLine.style]);
      return spans;
    }
    let at = this.#open === undefined ? 0 : this.#closeOpen(line, 0, spans);
    this.#tokens.lastIndex = at;
    for (let found = this.#tokens.exec(line); found !== null; found = this.#tokens.exec(line)) {
      addSpan(spans, line.slice(at, found.index), []);
      at = this.#addToken(line, found, spans);
      this.#tokens.lastIndex = at;
    }
    addSpan(spans, line.slice(at), []);
    return spans;
  }

  /** @returns where the text after the token begins. */
  #addToken(line: string, { index, groups = {} }: RegExpExecArray, spans: Span[]): number {
    const { open, word } = groups;
    if (open !== undefined) {
      const { close = '', style = 'dim' } = this.#language.blocks?.[open] ?? {};
      this.#open = { close, style };
      addSpan(spans, open, [style]);
      return this.#closeOpen(line, index + open.length, spans);
    }
    const [style, text = ''] =
      Object.entries(groups).find(([, value]) => value !== undefined) ?? [];
    addSpan(spans, text, word === undefined ? [STYLES[style ?? ''] ?? 'code'] : this.#of(word));
    return index + text.length;
  }

  #of(word: string): Style[] {
    const { keywords, ignoresCase } = this.#language;
    return keywords.has(ignoresCase ? word.toLowerCase() : word) ? ['keyword'] : [];
  }

  /** Adds the line up to the end of what is open. @returns where the text after it begins. */
  #closeOpen(line: string, from: number, spans: Span[]): number {
    const { close, style } = this.#open as { close: string; style: Style };
    const found = line.indexOf(close, from);
    const end = found === -1 ? line.length : found + close.length;
    addSpan(spans, line.slice(from, end), [style]);
    if (found !== -1) this.#open = undefined;
    return end;
  }
}

const STYLES: Readonly<Record<string, Style>> = {
  comment: 'dim',
  string: 'string',
  number: 'number',
  tag: 'keyword',
};

const toLiteral = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

/** One expression for all tokens of a language; each alternative takes linear time. */
export function toTokens({
  comments = [],
  blocks = {},
  quotes = '',
  tags = false,
}: Language): RegExp {
  const opens = Object.keys(blocks).map(toLiteral);
  const parts = [
    opens.length > 0 ? `(?<open>${opens.join('|')})` : '',
    comments.length > 0 ? `(?<comment>(?:${comments.join('|')}).*)` : '',
    quotes === ''
      ? ''
      : `(?<string>${[...quotes].map((quote) => `${quote}(?:[^${quote}\\\\]|\\\\.)*${quote}?`).join('|')})`,
    tags ? '(?<tag></?[\\w:-]+|/?>)' : '',
    '(?<number>\\b\\d[\\w.]*)',
    '(?<word>[\\p{L}_$@#][\\p{L}\\p{N}_$]*)',
  ];
  return new RegExp(parts.filter(Boolean).join('|'), 'gu');
}
