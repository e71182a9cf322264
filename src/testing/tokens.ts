import type { ContentBlock } from '../wire/blocks.js';
import type { EmulatorParams } from './request.js';

const CHARACTERS_PER_TOKEN = 4;

/** What the params come to: system prompt, tools and messages as the JSON they are. */
export function inputTokens({ system, tools, messages }: EmulatorParams): number {
  return tokensIn(JSON.stringify([system, tools, messages]));
}

/** What the model wrote to make the blocks. */
export function outputTokens(blocks: readonly ContentBlock[]): number {
  return tokensIn(blocks.map(written).join(''));
}

function tokensIn(text: string): number {
  return Math.max(1, Math.ceil(text.length / CHARACTERS_PER_TOKEN));
}

function written(block: ContentBlock): string {
  if (block.type === 'text') return block.text;
  if (block.type === 'thinking') return block.thinking;
  return JSON.stringify(block);
}
