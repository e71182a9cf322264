import type { UntypedEvent } from '../message/untyped.js';

// No server can send a symbol: an event of the same type from elsewhere is just an unknown event.
const RESTART: unique symbol = Symbol('restart');

/** How `toResponse()` names a restart. Other clients skip event names that they don't know. */
export const WIRE_TYPE = 'millrace.restart';

/** A recovery discards the blocks from an index on, and the next blocks take their places. */
export function restartEvent(index: number): UntypedEvent {
  return { type: 'restart', index, [RESTART]: true } as UntypedEvent;
}

/** The index from which on an event discards the blocks; undefined for any other event. */
export function restartIndex(event: UntypedEvent): number | undefined {
  return event.type === 'restart' && RESTART in event ? (event.index as number) : undefined;
}

/** An event as readers get it: pings and restarts go to listeners only. */
export function forReaders(event: UntypedEvent): UntypedEvent | undefined {
  const { type } = event;
  return type === 'ping' || (type === 'restart' && RESTART in event) ? undefined : event;
}

/** An event that `MessageStream.from` has received: a restart is one again. */
export function fromWireRestart(event: UntypedEvent): UntypedEvent {
  if (event.type !== WIRE_TYPE) return event;
  const { index } = event;
  return Number.isSafeInteger(index) && (index as number) >= 0
    ? restartEvent(index as number)
    : event;
}
