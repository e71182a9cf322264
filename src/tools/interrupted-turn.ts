import type { UntypedEvent } from '../message/untyped.js';
import { WIRE_TYPE } from '../stream/restart.js';
import type { AnyMessage } from '../wire/beta.js';
import { brokenTurn } from './broken-turn.js';
import { callsIn } from './calls.js';
import { isLastTurn } from './is-last-turn.js';
import { wireToolEvent } from './run-wire.js';
import type { ToolEvent } from './tool-events.js';

/** What becomes of the turn that a run was interrupted in, where another process continues the run. */
export interface InterruptedTurn {
  /** The events on the wire that complete it. */
  rest: UntypedEvent[];
  /** Nothing of it is kept: the next turn is written in its place. */
  isGivenUp: boolean;
  /** It was the last one. */
  isLast: boolean;
}

/**
 * Completes the latest turn of a run that was interrupted: a message that the calls in it have outlived ends after the
 * last of them, and each call without a result gets one that says what is known of it.
 * @param message the turn so far.
 * @param isStopped whether its `message_stop` is there.
 * @param events of its calls.
 */
export function interruptedTurn(
  message: AnyMessage,
  isStopped: boolean,
  events: readonly ToolEvent[],
): InterruptedTurn {
  const broken = brokenTurn(isStopped ? withStopReason(message) : message, events);
  if (broken === undefined) return { rest: [], isGivenUp: true, isLast: false };
  const answered = new Set(
    events.flatMap(({ type, toolUse }) => (type === 'tool_result' ? toolUse.id : [])),
  );
  const calls = new Map(callsIn(broken.message).map((toolUse) => [toolUse.id, toolUse]));
  const results = broken.results.flatMap((result): UntypedEvent[] => {
    const toolUse = calls.get(result.tool_use_id);
    if (toolUse === undefined || answered.has(toolUse.id)) return [];
    return [wireToolEvent({ type: 'tool_result', toolUse, result })];
  });
  const stop = isStopped ? [] : stopOf(message, broken.message);
  return {
    rest: [...stop, ...results],
    isGivenUp: false,
    isLast: (isStopped || message.stop_reason !== null) && isLastTurn(message),
  };
}

/** Other servers than the API may leave it out. */
function withStopReason(message: AnyMessage): AnyMessage {
  return message.stop_reason === null ? { ...message, stop_reason: 'end_turn' } : message;
}

/** The end of a message that lacks one. */
function stopOf(sent: AnyMessage, { content, stop_reason }: AnyMessage): UntypedEvent[] {
  if (sent.stop_reason !== null) return [{ type: 'message_stop' }];
  const { length } = content;
  const delta = { stop_reason, stop_sequence: null };
  return [
    ...(length < sent.content.length ? [{ type: WIRE_TYPE, index: length }] : []),
    { type: 'message_delta', delta, usage: { output_tokens: sent.usage.output_tokens } },
    { type: 'message_stop' },
  ];
}
