import type { AnyMessage } from '../wire/beta.js';
import type { ToolResultBlockParam } from '../wire/content-params.js';
import { callsIn } from './calls.js';
import type { ToolEvent } from './tool-events.js';

/**
 * What the conversation has of the turn that a run ended in: the turn where it is whole, else the part up to its last
 * call, which may have taken effect. Code that goes on with the messages must not make that call again unaware.
 * @returns undefined for a turn that broke off before any call.
 */
export function brokenTurn<M extends AnyMessage>(
  message: M,
  events: readonly ToolEvent[],
): { message: M; results: ToolResultBlockParam[] } | undefined {
  const called = new Set(events.map(({ toolUse }) => toolUse.id));
  const isWhole = message.stop_reason !== null;
  // A block that another one follows, or that was called, is whole.
  const last = (message.content as AnyMessage['content']).findLastIndex(
    (block) => block.type === 'tool_use' && called.has(block.id),
  );
  if (!isWhole && last === -1) return undefined;
  const content = isWhole ? message.content : message.content.slice(0, last + 1);
  // What is kept of a message that broke off is a turn of calls.
  const turn = { ...message, content, ...(!isWhole && { stop_reason: 'tool_use' }) };
  const results = resultsIn(events);
  const known = new Set(results.map(({ tool_use_id }) => tool_use_id));
  const started = new Set(
    events.flatMap(({ type, toolUse }) => (type === 'tool_start' ? toolUse.id : [])),
  );
  for (const { id } of callsIn(turn)) {
    if (!known.has(id)) results.push(unknownResult(id, started.has(id)));
  }
  return { message: turn, results };
}

/** The results of a turn's calls, in the order of their ends. */
export function resultsIn(events: readonly ToolEvent[]): ToolResultBlockParam[] {
  return events.flatMap((event) => (event.type === 'tool_result' ? event.result : []));
}

function unknownResult(id: string, isStarted: boolean): ToolResultBlockParam {
  const content = isStarted
    ? 'The outcome of this call is unknown: the run was interrupted while it ran. It may have taken effect.'
    : 'This call was not run: the run was interrupted before it.';
  return { type: 'tool_result', tool_use_id: id, content, is_error: true };
}
