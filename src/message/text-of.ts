/**
 * The text of a message: its text blocks, joined with nothing between. '' for a message without text.
 * For a stream, `getFinalText()` is the same of the final message.
 */
export function textOf({ content }: { readonly content: readonly object[] }): string {
  return content
    .map((block) => {
      const { type, text } = block as { type?: unknown; text?: unknown };
      return type === 'text' && typeof text === 'string' ? text : '';
    })
    .join('');
}
