import { NOTHING_TO_EXTRACT } from '../exit-codes.js';
import { FencedBlock } from './fenced-block.js';
import type { Output } from './output.js';
import type { View } from './view.js';

const NO_BLOCK = {
  code: NOTHING_TO_EXTRACT,
  message: '--extract: there is no fenced code block in the answer',
};

/** The first fenced code block, line by line. */
export function extractView(output: Output): View {
  const block = new FencedBlock();
  const show = (lines: string): Promise<void> => output.write(output.toVisible(lines));
  return {
    event: async (event) => {
      if (event.type !== 'content_block_delta' || event.delta.type !== 'text_delta') return;
      await show(block.push(event.delta.text));
    },
    end: async () => {
      await show(block.end());
      return block.isFound ? undefined : NO_BLOCK;
    },
  };
}
