import { toolInput } from '../message/tool-input.js';
import type { AnyMessage } from '../wire/beta.js';
import type { ToolUseBlock } from '../wire/blocks.js';
import { callsIn } from './calls.js';
import { isPaused } from './next-turn-params.js';

/** Whether a run ends with a message, unless its owner goes on. */
export function isLastTurn(message: AnyMessage): boolean {
  return !continues(message) || (callsIn(message).length === 0 && !isPaused(message));
}

/** Whether a conversation continues. Other servers than the API may end a turn of whole calls as any other. */
export function continues(message: AnyMessage): boolean {
  const { stop_reason } = message;
  if (stop_reason === 'tool_use' || stop_reason === 'pause_turn') return true;
  const isWhole = (call: ToolUseBlock): boolean => toolInput(call).status === 'complete';
  return ENDS_A_TURN.has(stop_reason) && callsIn(message).some(isWhole);
}

const ENDS_A_TURN: ReadonlySet<unknown> = new Set([
  'end_turn',
  'stop',
  'stop_sequence',
  // OpenAI's.
  'tool_calls',
]);
