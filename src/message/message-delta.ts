import { omitNullish, type UntypedEvent, type UntypedMessage } from './untyped.js';

/**
 * The message after a `message_delta`. Stop fields overwrite, null included; the container, usage
 * counters and top-level additions overwrite where they are not null. Counters are totals: they are
 * never added up.
 */
export function applyMessageDelta(message: UntypedMessage, event: UntypedEvent): UntypedMessage {
  const { type: _, delta, usage, ...additions } = event;
  return {
    ...message,
    ...stopFields(delta),
    ...omitNullish(additions),
    usage: { ...message.usage, ...omitNullish(usage) },
  };
}

/** Two `message_delta` events as one that does what both do. */
export function mergeMessageDeltas(earlier: UntypedEvent, later: UntypedEvent): UntypedEvent {
  return {
    ...earlier,
    ...omitNullish(later),
    type: later.type,
    delta: { ...(earlier.delta as object), ...stopFields(later.delta) },
    usage: { ...(earlier.usage as object), ...omitNullish(later.usage) },
  };
}

function stopFields(delta: unknown): Record<string, unknown> {
  const { container, ...stop } = (delta ?? {}) as Record<string, unknown>;
  return { ...stop, ...omitNullish({ container }) };
}
