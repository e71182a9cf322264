import type { LooseBlock } from '../../message/loose.js';

/** What was received before the break. */
export interface Broken {
  content: readonly LooseBlock[];
  /** The place of the block that was not finished; undefined between blocks. */
  open: number | undefined;
}

/** What of a broken message is kept, and where the rest joins it. */
export interface Continuation {
  /** The blocks before this place are kept, those from here on are asked for anew. */
  keep: number;
  /** The text block that is continued; the last of the kept ones. */
  text: number | undefined;
}

/**
 * What can be kept of a broken message (WIRE, "Continuing after a cut"): finished blocks, and a text
 * that was being written. Another block in the making is asked for anew, and so is what a turn may not
 * end in: thinking, and a call of a server's tool whose result had not come.
 * @returns undefined where the message cannot be continued: the API takes nothing after a tool call
 * but its result, and of several blocks that came at once only one could go on.
 */
export function continuationOf({ content, open }: Broken): Continuation | undefined {
  if (open !== undefined && open !== content.length - 1) return undefined;
  if (open !== undefined && content[open]?.type === 'text') {
    return isToolCalled(content) ? undefined : { keep: content.length, text: open };
  }
  let kept = content.slice(0, open);
  while (mayNotEndIn(kept.at(-1), kept)) kept = kept.slice(0, -1);
  return isToolCalled(kept) ? undefined : { keep: kept.length, text: undefined };
}

export function isThinking(block: LooseBlock | undefined): boolean {
  return block?.type === 'thinking' || block?.type === 'redacted_thinking';
}

const SERVER_TOOLS: ReadonlySet<unknown> = new Set(['server_tool_use', 'mcp_tool_use']);

function mayNotEndIn(block: LooseBlock | undefined, content: readonly LooseBlock[]): boolean {
  if (!SERVER_TOOLS.has(block?.type)) return isThinking(block);
  return !content.some(({ tool_use_id }) => tool_use_id === block?.id);
}

function isToolCalled(content: readonly LooseBlock[]): boolean {
  return content.some(({ type }) => type === 'tool_use');
}
