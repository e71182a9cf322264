import type { LooseBlock, LooseDelta } from './loose.js';

/**
 * The fewest deltas that lead from a block's start to what it is now: one of each kind, and one for
 * each citation, which is how the API sends them.
 * @param json the raw JSON of a tool's input, where deltas brought any.
 */
export function mergedDeltas(start: LooseBlock, block: LooseBlock, json?: string): LooseDelta[] {
  const deltas: LooseDelta[] = [];
  const thinking = added(start.thinking, block.thinking);
  if (thinking !== '') deltas.push({ type: 'thinking_delta', thinking });
  if (block.signature !== start.signature && typeof block.signature === 'string') {
    deltas.push({ type: 'signature_delta', signature: block.signature });
  }
  const text = added(start.text, block.text);
  if (text !== '') deltas.push({ type: 'text_delta', text });
  for (const citation of list(block.citations).slice(list(start.citations).length)) {
    deltas.push({ type: 'citations_delta', citation });
  }
  if (json !== undefined) deltas.push({ type: 'input_json_delta', partial_json: json });
  const { content, encrypted_content } = block;
  if (content !== start.content || encrypted_content !== start.encrypted_content) {
    deltas.push({
      type: 'compaction_delta',
      content,
      ...(encrypted_content === undefined ? {} : { encrypted_content }),
    });
  }
  return deltas;
}

function added(before: unknown, now: unknown): string {
  if (typeof now !== 'string') return '';
  return typeof before === 'string' ? now.slice(before.length) : now;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
