import { isServerTool, isThinking } from '../../message/kinds.js';
import type { UntypedBlock } from '../../message/untyped.js';

/** What was received before the break. */
export interface Broken {
  content: readonly UntypedBlock[];
  /** The place of the block that was not finished; undefined between blocks. */
  open: number | undefined;
}

/** Which part of a broken message is kept, and where the rest joins it. */
export interface Continuation {
  /** The blocks before this index are kept, those from here on are written from scratch. */
  keep: number;
  /** The index of the text block that is continued; the last of the kept ones. */
  text: number | undefined;
}

/**
 * What can be kept of a broken message (WIRE, "Continuing after a cut"): finished blocks, and a text
 * that was being written. Any other unfinished block is written from scratch, and so is what a turn must
 * not end in: thinking, and a call of a server tool whose result has not arrived.
 * @returns undefined where the message can't be continued: the API accepts only the result after a tool
 * call, and of several open blocks only one could be continued.
 */
export function getContinuation({ content, open }: Broken): Continuation | undefined {
  if (open !== undefined && open !== content.length - 1) return undefined;
  if (open !== undefined && content[open]?.type === 'text') {
    return isToolCalled(content) ? undefined : { keep: content.length, text: open };
  }
  const finished = content.slice(0, open);
  const keep = endOfKept(finished);
  return isToolCalled(finished.slice(0, keep)) ? undefined : { keep, text: undefined };
}

/** Where the part begins that a turn must not end in. */
function endOfKept(content: readonly UntypedBlock[]): number {
  // Where the result of a call is; one that was cut off doesn't count.
  const answered = new Map<unknown, number>();
  for (const [index, { tool_use_id }] of content.entries()) {
    if (!answered.has(tool_use_id)) answered.set(tool_use_id, index);
  }
  let end = content.length;
  for (; end > 0; end--) {
    const block = content[end - 1];
    const isOpen = isServerTool(block) && !((answered.get(block?.id) ?? Infinity) < end);
    if (!isOpen && !isThinking(block)) break;
  }
  return end;
}

function isToolCalled(content: readonly UntypedBlock[]): boolean {
  return content.some(({ type }) => type === 'tool_use');
}
