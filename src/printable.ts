/**
 * What a terminal or a log viewer obeys in place of showing it: C0, DEL and C1 (so escape codes of every kind),
 * marks that reorder text, line ends other than the line feed, and invisible format characters.
 */
const UNSAFE = /(?![\n\t])[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}\u206a-\u206f\ufeff\ufff9-\ufffb]/gu;

/**
 * Text that others wrote, safe to print on a terminal or in a log: a model can write, or quote, escape codes that
 * move the cursor, set the title or fill the clipboard, and marks that show text in another order than it has.
 * Line feeds and tabs stay; a carriage return before a line feed is removed.
 * @param replacement for each unsafe character; a function gets the character. Default U+FFFD.
 */
export function toPrintable(
  text: string,
  replacement: string | ((character: string) => string) = '\ufffd',
): string {
  const replace = typeof replacement === 'string' ? () => replacement : replacement;
  return text.replaceAll('\r\n', '\n').replace(UNSAFE, replace);
}
