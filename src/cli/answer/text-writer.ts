import { WordWrap } from '../layout/word-wrap.js';
import type { Styled } from '../styled.js';
import type { Output } from './output.js';

/** Makes of text what is shown of it. A word, a mark or a table can be held until it is complete. */
export interface TextWriter {
  text(text: string): Styled | Promise<Styled>;
  thinking(text: string): Styled;
  /** @returns what is held; what follows is at the start of a line. */
  end(): Styled | Promise<Styled>;
}

const PLAIN: TextWriter = { text: (text) => text, thinking: (text) => text, end: () => '' };

/** Text as it is for a pipe; wrapped between words for a terminal, and with Markdown if it has styles. */
export function createTextWriter(
  output: Pick<Output, 'isTerminal' | 'isStyled' | 'columns'>,
): TextWriter {
  if (!output.isTerminal) return PLAIN;
  const width = (): number => output.columns ?? Number.POSITIVE_INFINITY;
  const plain = createWrapper(width);
  if (!output.isStyled) return plain;
  // Only terminals load it. It is there before the first token is.
  const markdown = import('../markdown/markdown.js').then(({ Markdown }) => new Markdown(width));
  return {
    text: async (text) => (await markdown).push(text),
    thinking: plain.thinking,
    end: async () => [...plain.end(), ...(await markdown).end()],
  };
}

function createWrapper(width: () => number) {
  const wrap = new WordWrap({ width });
  return {
    text: (text: string) => {
      wrap.add(text, []);
      return wrap.take();
    },
    thinking: (text: string) => {
      wrap.add(text, ['dim']);
      return wrap.take();
    },
    end: () => {
      wrap.flush();
      const rest = wrap.take();
      wrap.reset();
      return rest;
    },
  };
}
