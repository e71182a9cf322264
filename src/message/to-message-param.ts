import type { AnyMessage } from '../wire/beta.js';
import { inputState } from './input-state.js';
import { BLOCKS, isServerTool } from './kinds.js';
import { unprovenCall } from './unproven-call.js';
import type { UntypedBlock } from './untyped.js';

/** What a turn is made for. */
export interface MessageParamOptions {
  /**
   * Keeps thinking without a signature, with `signature: ''`. The API refuses it; Kimi, Xiaomi and other
   * servers that don't sign want it back with the results of tools. Default false.
   */
  keepUnsignedThinking?: boolean | undefined;
}

/**
 * A message, whole or cut, as an assistant turn that the API accepts.
 *
 * What the API refuses is left out: text without a visible character, thinking whose signature has not
 * arrived, tool calls whose input is not complete, and, where the message was cut, server tool calls
 * whose result is missing. The rest is passed on unchanged, signatures byte for byte.
 *
 * A tool call that ends the message is also left out where the stop reason doesn't prove it complete: after
 * `max_tokens`, say, its input may be cut and look like any other. Without a stop reason it is kept, unless it
 * is marked as cut.
 *
 * `content` is empty where nothing can be sent: leave the turn out then.
 */
export function toMessageParam<M extends Pick<AnyMessage, 'content' | 'stop_reason'>>(
  message: M,
  options: MessageParamOptions = {},
): { role: 'assistant'; content: M['content'] } {
  // Without a stop reason it is a broken stream's message, and those mark their cut calls.
  const unproven = message.stop_reason == null ? undefined : unprovenCall(message);
  const content = sendableBlocks(message, options).filter((block) => block !== unproven);
  return { role: 'assistant', content: content as unknown as M['content'] };
}

/** The blocks that the API accepts, where each tool call says of itself whether it is complete. */
export function sendableBlocks(
  { content, stop_reason }: Pick<AnyMessage, 'content' | 'stop_reason'>,
  { keepUnsignedThinking = false }: MessageParamOptions = {},
): UntypedBlock[] {
  const sent = content as unknown as UntypedBlock[];
  const blocks = keepUnsignedThinking ? sent.map(withSignature) : sent;
  const answered = new Set(blocks.map(({ tool_use_id }) => tool_use_id));
  // In these turns the API itself left a server tool open, and continues it.
  const pending = stop_reason === 'pause_turn' || stop_reason === 'tool_use';
  return blocks.filter(
    (block) =>
      (isWhole(block) || (keepUnsignedThinking && isFilled(block.thinking))) &&
      (!isServerTool(block) || pending || answered.has(block.id)),
  );
}

function withSignature(block: UntypedBlock): UntypedBlock {
  const isUnsigned = block.type === 'thinking' && typeof block.signature !== 'string';
  return isUnsigned ? { ...block, signature: '' } : block;
}

function isWhole(block: UntypedBlock): boolean {
  const needs = BLOCKS.get(block.type)?.needs;
  if (needs !== undefined && !isFilled(block[needs])) return false;
  return (inputState(block)?.status ?? 'complete') === 'complete';
}

function isFilled(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== '';
}
