/** How text is shown on a terminal. */
export type Style = keyof typeof CODES;

/** Text of one style. */
export interface Span {
  readonly text: string;
  readonly styles: readonly Style[];
}

/**
 * What can be printed. Styles are data, not escape codes in the text: so whatever looks like an escape code was
 * written by others, and is never printed as one.
 */
export type Styled = string | readonly Span[];

/** Text of one style. */
export function styled(text: string, ...styles: readonly Style[]): Span[] {
  return text === '' ? [] : [{ text, styles }];
}

/** Adds a span to a list; text of the same style is joined. */
export function addSpan(spans: Span[], text: string, styles: readonly Style[]): void {
  if (text === '') return;
  const last = spans.at(-1);
  if (last !== undefined && isSame(last.styles, styles)) {
    spans[spans.length - 1] = { text: last.text + text, styles };
  } else spans.push({ text, styles });
}

function isSame(one: readonly Style[], other: readonly Style[]): boolean {
  return one.length === other.length && one.every((style, at) => style === other[at]);
}

const CODES = {
  dim: [2, 22],
  bold: [1, 22],
  italic: [3, 23],
  underline: [4, 24],
  strike: [9, 29],
  code: [36, 39],
  keyword: [35, 39],
  string: [32, 39],
  number: [33, 39],
  added: [32, 39],
  removed: [31, 39],
} as const satisfies Readonly<Record<string, readonly [on: number, off: number]>>;

/** The escape codes of the styles around text that is safe to print. */
export function toEscapeCodes(spans: readonly Span[]): string {
  let text = '';
  let active: readonly Style[] = [];
  for (const span of [...spans, { text: '', styles: [] }]) {
    text += toTransition(active, span.styles) + span.text;
    active = span.styles;
  }
  return text;
}

/** Turns off what ends, then on what begins. Bold and dim, and all colours, share a code that turns them off. */
function toTransition(from: readonly Style[], to: readonly Style[]): string {
  const off = new Set(from.filter((style) => !to.includes(style)).map((style) => CODES[style][1]));
  const on = to.filter((style) => !from.includes(style) || off.has(CODES[style][1]));
  const codes = [...off, ...on.map((style) => CODES[style][0])];
  return codes.map((code) => `\u001b[${code}m`).join('');
}
