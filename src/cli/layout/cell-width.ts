/**
 * How many cells of a terminal a text takes: two for East Asian wide characters and emoji, none for marks that
 * combine with the character before them. The text has no line feeds.
 */
export function cellWidth(text: string): number {
  if (ASCII.test(text)) return text.length;
  let width = 0;
  for (const grapheme of toGraphemes(text)) width += graphemeWidth(grapheme);
  return width;
}

/** The parts of a text that a reader takes for one character each. */
export function toGraphemes(text: string): string[] {
  const characters = [...text];
  if (characters.length < 2 || ASCII.test(text)) return characters;
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

/** The cells that one grapheme takes. */
export function graphemeWidth(grapheme: string): number {
  if (ASCII.test(grapheme)) return 1;
  if (isWide(grapheme)) return 2;
  return /^[\p{Mn}\p{Me}\p{Cf}]+$/u.test(grapheme) ? 0 : 1;
}

/** Whether a grapheme takes two cells. */
export function isWide(grapheme: string): boolean {
  return WIDE.test(grapheme) || grapheme.includes('\ufe0f');
}

// Created when it is first needed: that takes a millisecond.
let segmenter: Intl.Segmenter | undefined;

const ASCII = /^[\x20-\x7e]*$/;

/** Unicode's East_Asian_Width W and F, in blocks, and what is shown as an emoji. */
const WIDE =
  /^(?:[\u1100-\u115f\u2e80-\u303e\u3041-\u4dbf\u4e00-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation})/u;
