import type { MessageParam } from '../wire/params.js';

/**
 * The tools that a conversation still has: a `tool_removal` in a system turn withdraws one by name, until
 * a `tool_addition` brings it back (WIRE, "Since SDK 1.14.0").
 */
export function availableTools<T>(
  tools: ReadonlyMap<string, T>,
  messages: readonly MessageParam[],
): ReadonlyMap<string, T> {
  const removed = new Set<unknown>();
  for (const { role, content } of messages as readonly Turn[]) {
    if (role !== 'system' || !Array.isArray(content)) continue;
    for (const block of content as readonly (ToolChange | null | undefined)[]) {
      const name = block?.tool?.name;
      if (block?.type === 'tool_removal') removed.add(name);
      if (block?.type === 'tool_addition') removed.delete(name);
    }
  }
  return removed.size === 0 ? tools : new Map([...tools].filter(([name]) => !removed.has(name)));
}

interface Turn {
  role: string;
  content: unknown;
}

interface ToolChange {
  type?: string;
  /** A `tool_reference`, or the definition of a tool. */
  tool?: { name?: unknown } | null;
}
