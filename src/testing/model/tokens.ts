import { inputState } from '../../message/input-state.js';
import type { UntypedBlock } from '../../message/untyped.js';
import type { EmulatorParams } from './request.js';

export const CHARACTERS_PER_TOKEN = 4;

/** An estimate for the params: system prompt, tools and messages as JSON. */
export function countInputTokens({ system, tools, messages }: EmulatorParams): number {
  return countTokens(JSON.stringify([system, tools, messages]));
}

/** An estimate for what the model wrote to produce the blocks. */
export function countOutputTokens(blocks: readonly UntypedBlock[]): number {
  return countTokens(blocks.map(getWrittenText).join(''));
}

/** What the model wrote to produce a block. */
export function getWrittenText(block: UntypedBlock): string {
  if (typeof block.text === 'string') return block.text;
  if (typeof block.thinking === 'string') return block.thinking;
  const input =
    inputState(block)?.json ?? ('input' in block ? JSON.stringify(block.input) : undefined);
  return input === undefined ? JSON.stringify(block) : `${block.name}${input}`;
}

function countTokens(text: string): number {
  return Math.max(1, Math.ceil(text.length / CHARACTERS_PER_TOKEN));
}
