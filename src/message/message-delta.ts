import { given, type LooseEvent, type LooseMessage } from './loose.js';

/**
 * The message after a `message_delta`. Stop fields overwrite, null included; the container, usage
 * counters and top-level additions overwrite where they are not null. Counters are totals: they are
 * never added up.
 */
export function applyMessageDelta(message: LooseMessage, event: LooseEvent): LooseMessage {
  const { type: _, delta, usage, ...additions } = event;
  return {
    ...message,
    ...stopFields(delta),
    ...given(additions),
    usage: { ...message.usage, ...given(usage) },
  };
}

/** Two `message_delta` events as one that does what both do. */
export function mergeMessageDeltas(earlier: LooseEvent, later: LooseEvent): LooseEvent {
  return {
    ...earlier,
    ...given(later),
    type: later.type,
    delta: { ...(earlier.delta as object), ...stopFields(later.delta) },
    usage: { ...(earlier.usage as object), ...given(later.usage) },
  };
}

function stopFields(delta: unknown): Record<string, unknown> {
  const { container, ...stop } = (delta ?? {}) as Record<string, unknown>;
  return { ...stop, ...given({ container }) };
}
