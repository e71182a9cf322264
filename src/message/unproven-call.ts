import type { AnyMessage } from '../wire/beta.js';
import type { UntypedBlock } from './untyped.js';

/**
 * The tool call at the end of a message that nothing proves complete; undefined where there is none.
 *
 * A stream says of each call whether it is complete (`inputState`), so don't ask about a broken stream's
 * message, which has no stop reason. A message from elsewhere, such as a JSON response or another client's,
 * has only its stop reason: for these the API, or a server like OpenAI's, stops between blocks, else perhaps
 * within the last one.
 */
export function unprovenCall({
  content,
  stop_reason,
}: Pick<AnyMessage, 'content' | 'stop_reason'>): UntypedBlock | undefined {
  const last = content.at(-1) as UntypedBlock | undefined;
  return last?.type === 'tool_use' && !STOPS_BETWEEN_BLOCKS.has(stop_reason) ? last : undefined;
}

const STOPS_BETWEEN_BLOCKS: ReadonlySet<unknown> = new Set([
  'tool_use',
  'end_turn',
  'pause_turn',
  'stop',
  'tool_calls',
]);
