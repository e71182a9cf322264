import { inputState } from '../../message/tool-input.js';
import type { UntypedBlock } from '../../message/untyped.js';
import type { EmulatorParams } from './request.js';

export const CHARACTERS_PER_TOKEN = 4;

/** What the params come to: system prompt, tools and messages as the JSON they are. */
export function inputTokens({ system, tools, messages }: EmulatorParams): number {
  return tokensIn(JSON.stringify([system, tools, messages]));
}

/** What the model wrote to make the blocks. */
export function outputTokens(blocks: readonly UntypedBlock[]): number {
  return tokensIn(blocks.map(written).join(''));
}

/** What the model wrote to make a block. */
export function written(block: UntypedBlock): string {
  if (typeof block.text === 'string') return block.text;
  if (typeof block.thinking === 'string') return block.thinking;
  const input =
    inputState(block)?.json ?? ('input' in block ? JSON.stringify(block.input) : undefined);
  return input === undefined ? JSON.stringify(block) : `${block.name}${input}`;
}

function tokensIn(text: string): number {
  return Math.max(1, Math.ceil(text.length / CHARACTERS_PER_TOKEN));
}
