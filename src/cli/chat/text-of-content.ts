import type { MessageParam } from '../../index.js';

/** The text of a turn; its other blocks are left out. */
export function textOfContent(content: MessageParam['content']): string {
  if (typeof content === 'string') return content;
  return content
    .map((block) => (block.type === 'text' && 'text' in block ? String(block.text) : ''))
    .join('');
}
