import { NOTHING_TO_EXTRACT } from '../exit-codes.js';
import { countSpaces, type Fence, readFence } from './fence.js';
import type { Output } from './output.js';
import type { View } from './view.js';

const NO_BLOCK = {
  code: NOTHING_TO_EXTRACT,
  message: '--extract: the answer has no fenced code block',
};

/** The first fenced code block, line by line. */
export function extractView(output: Output): View {
  const block = new FencedBlock();
  return {
    event: async (event) => {
      if (event.type !== 'content_block_delta' || event.delta.type !== 'text_delta') return;
      await output.write(block.push(event.delta.text));
    },
    end: async () => {
      await output.write(block.end());
      return block.isFound ? undefined : NO_BLOCK;
    },
  };
}

/** The content of the first fenced code block in a Markdown text, line by line as it arrives. */
export class FencedBlock {
  #line = '';
  #open: Fence | undefined;
  #isClosed = false;

  /** Whether the block has started. */
  isFound = false;

  /** @returns the lines of the block that this completes. */
  push(text: string): string {
    const [rest = '', ...more] = text.split('\n');
    // A long line is joined once, when it ends.
    this.#line += rest;
    if (more.length === 0) return '';
    const lines = [this.#line, ...more];
    this.#line = lines.pop() ?? '';
    return lines.map((line) => this.#take(line.replace(/\r$/, ''))).join('');
  }

  /** @returns the last line of a block that was never closed. */
  end(): string {
    const last = this.#line;
    this.#line = '';
    return last === '' ? '' : this.#take(last);
  }

  #take(line: string): string {
    if (this.#isClosed) return '';
    if (this.#open === undefined) {
      this.#open = readFence(line);
      this.isFound = this.#open !== undefined;
      return '';
    }
    const { marks, indent } = this.#open;
    this.#isClosed = line.trim().startsWith(marks) && /^ *(`+|~+) *$/.test(line);
    // A block in a list is indented as a whole: only the indentation beyond that belongs to its lines.
    return this.#isClosed ? '' : `${line.slice(Math.min(indent, countSpaces(line)))}\n`;
  }
}
