import { STRING_DELTAS } from '../message/kinds.js';
import type { UntypedDelta, UntypedEvent } from '../message/untyped.js';
import { fromWireRestart } from '../stream/restart.js';
import type { Entry } from './engine.js';

/**
 * The events of a log's entries, for followers in this process. Those in step read the same entry one after the other:
 * a delta is parsed once for all of them, and each gets objects of its own, which its reader may change.
 */
export class EntryEvents {
  #entry: Entry | undefined;
  #parsed: UntypedEvent | undefined;

  of(entry: Entry): UntypedEvent {
    if (this.#entry === entry) return copyOf(this.#parsed as UntypedEvent);
    const event = fromWireRestart(JSON.parse(entry.payload) as UntypedEvent);
    if (!isStringDelta(event)) return event;
    this.#entry = entry;
    this.#parsed = event;
    return copyOf(event);
  }
}

/** Whether a copy shares nothing that can change. Nearly all events are such deltas. */
function isStringDelta({ type, delta, ...others }: UntypedEvent): boolean {
  return (
    type === 'content_block_delta' &&
    STRING_DELTAS.has((delta as UntypedDelta | undefined)?.type ?? '') &&
    [...Object.values(delta as UntypedDelta), ...Object.values(others)].every(isPrimitive)
  );
}

function isPrimitive(value: unknown): boolean {
  return typeof value !== 'object';
}

function copyOf(event: UntypedEvent): UntypedEvent {
  return { ...event, delta: { ...(event.delta as UntypedDelta) } };
}
