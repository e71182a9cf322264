import type { ToolResultBlockParam, ToolResultContent, ToolUseBlock } from 'millrace';
import type { BetaRunnableTool } from './BetaRunnableTool.js';
import { ToolError } from './ToolError.js';

/** A message as far as its calls go. `inputState` is millrace's: the input was cut, or is no JSON. */
export interface Called {
  role: string;
  content: string | readonly { type: string; inputState?: string }[];
}

/**
 * Runs the calls of a message in parallel, and returns the turn that answers them; null where there are
 * none. What a tool throws is an error result; a call whose input is cut or invalid is never run.
 */
export async function runTools(
  { content }: Called,
  tools: readonly unknown[],
  signal: AbortSignal | null | undefined,
): Promise<{ role: 'user'; content: ToolResultBlockParam[] } | null> {
  if (typeof content === 'string') return null;
  const calls = content.filter(({ type }) => type === 'tool_use') as (ToolUseBlock & Cut)[];
  if (calls.length === 0) return null;
  const results = calls.map((call) => runCall(call, findTool(tools, call.name), signal));
  return { role: 'user', content: await Promise.all(results) };
}

interface Cut {
  inputState?: string;
}

async function runCall(
  call: ToolUseBlock & Cut,
  tool: BetaRunnableTool | undefined,
  signal: AbortSignal | null | undefined,
): Promise<ToolResultBlockParam> {
  const failed = (content: string | ToolResultContent[]): ToolResultBlockParam => ({
    type: 'tool_result',
    tool_use_id: call.id,
    content,
    is_error: true,
  });
  if (tool === undefined) return failed(`Error: Tool '${call.name}' not found`);
  if (call.inputState !== undefined)
    return failed(`Error: the input of this call is ${call.inputState}`);
  try {
    const input = typeof tool.parse === 'function' ? tool.parse(call.input) : call.input;
    const content = await tool.run(input, { toolUse: call, toolUseBlock: call, signal });
    return { type: 'tool_result', tool_use_id: call.id, content };
  } catch (error) {
    if (error instanceof ToolError) return failed(error.content);
    return failed(`Error: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function findTool(tools: readonly unknown[], name: string): BetaRunnableTool | undefined {
  const isIt = (tool: unknown): tool is BetaRunnableTool => {
    const { name: own, mcp_server_name, run } = tool as Record<string, unknown>;
    return (own ?? mcp_server_name) === name && typeof run === 'function';
  };
  return tools.find(isIt);
}

/** The tools that a conversation still has: a system turn may withdraw one, and bring it back. */
export function availableTools(
  tools: readonly unknown[],
  messages: readonly object[],
): readonly unknown[] {
  const removed = new Set<unknown>();
  for (const { role, content } of messages as readonly { role: string; content: unknown }[]) {
    if (role !== 'system' || !Array.isArray(content)) continue;
    for (const { type, tool } of content as { type: string; tool?: { name?: unknown } }[]) {
      if (type === 'tool_removal') removed.add(tool?.name);
      if (type === 'tool_addition') removed.delete(tool?.name);
    }
  }
  return tools.filter((tool) => !removed.has((tool as { name?: unknown }).name));
}
