import type { LooseEvent } from '../message/loose.js';

/**
 * The event by which a stream of ours says that the blocks from a place on are given up, and that the
 * next ones take their places. The API has none: it is a ping with a field, which its clients pass over.
 */
export function restartEvent(from: number): LooseEvent {
  return { type: 'ping', restart: from };
}

/** The place from which on an event gives up the blocks; undefined for any other event. */
export function restartFrom(event: LooseEvent): number | undefined {
  if (event.type !== 'ping') return undefined;
  const { restart } = event;
  const isPlace = Number.isSafeInteger(restart) && (restart as number) >= 0;
  return isPlace ? (restart as number) : undefined;
}
