/** How text is shown on a terminal. */
export type Style = 'dim' | 'bold' | 'code';

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

const CODES: Readonly<Record<Style, readonly [on: number, off: number]>> = {
  dim: [2, 22],
  bold: [1, 22],
  code: [36, 39],
};

/** The escape codes of the styles around text that is safe to print. */
export function toEscapeCodes(spans: readonly Span[]): string {
  const text = spans.map(({ text, styles }) => styles.reduceRight(wrap, text)).join('');
  // Omits codes that turn a style off and immediately on again.
  return text.replaceAll('\u001b[22m\u001b[1m', '').replaceAll('\u001b[39m\u001b[36m', '');
}

function wrap(text: string, style: Style): string {
  const [on, off] = CODES[style];
  return `\u001b[${on}m${text}\u001b[${off}m`;
}
