import type { AnyMessage } from '../wire/beta.js';
import type { LooseBlock } from './loose.js';
import { toolInput } from './tool-input.js';

/**
 * A message, whole or cut, as an assistant turn that the API accepts.
 *
 * Left out is what the API refuses: text without a visible character, thinking whose signature has
 * not come, tool calls whose input is not complete, and, where the message was cut, server tool
 * calls whose result is missing. What stays is not touched, signatures to the byte.
 *
 * `content` is empty where nothing can be sent: leave the turn out then.
 */
export function toMessageParam<M extends Pick<AnyMessage, 'content' | 'stop_reason'>>(
  message: M,
): { role: 'assistant'; content: M['content'] } {
  const blocks = message.content as unknown as LooseBlock[];
  const answered = new Set(blocks.map(({ tool_use_id }) => tool_use_id));
  // In these turns the API itself left a server tool open, and goes on with it.
  const pending = message.stop_reason === 'pause_turn' || message.stop_reason === 'tool_use';
  const content = blocks.filter((block) => {
    if (!(sendable.get(block.type)?.(block) ?? true)) return false;
    return !SERVER_TOOLS.has(block.type) || pending || answered.has(block.id);
  });
  return { role: 'assistant', content: content as unknown as M['content'] };
}

const SERVER_TOOLS: ReadonlySet<string> = new Set(['server_tool_use', 'mcp_tool_use']);

const isFilled = (value: unknown): boolean => typeof value === 'string' && value.trim() !== '';
const isWhole = (block: LooseBlock): boolean =>
  toolInput(block as LooseBlock & { input: unknown }).status === 'complete';

const sendable: ReadonlyMap<string, (block: LooseBlock) => boolean> = new Map([
  ['text', (block) => isFilled(block.text)],
  ['thinking', (block) => isFilled(block.signature)],
  ['tool_use', isWhole],
  ['server_tool_use', isWhole],
  ['mcp_tool_use', isWhole],
]);
