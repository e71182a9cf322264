/** Longer words are several tokens. */
const PIECE = /\s*\S{1,12}|\s+/gu;

/**
 * Text in pieces as the model writes it: a word with the space before it, long words in pieces of 12
 * characters. The same text gives the same pieces, which joined are the text. With the `u` flag a
 * character is a code point, so no surrogate pair is split.
 */
export function* split(text: string): Generator<string, void, undefined> {
  for (const [piece] of text.matchAll(PIECE)) yield piece;
}
