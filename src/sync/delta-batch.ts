import { STRING_DELTAS, type StringDeltaKind } from '../message/kinds.js';
import type { UntypedDelta, UntypedEvent } from '../message/untyped.js';

/**
 * Consecutive deltas of one string each, of one kind and for one block. As a list of strings they cross
 * to the other thread for a twentieth of what as many events cost.
 */
export interface DeltaBatch {
  batch: string;
  index: unknown;
  pieces: string[];
}

/** Items as they cross. */
export function pack<T extends object>(items: readonly T[]): (T | DeltaBatch)[] {
  const packed: (T | DeltaBatch)[] = [];
  let last: DeltaBatch | undefined;
  for (const item of items) {
    const batch = toBatch(item);
    if (batch !== undefined && batch.batch === last?.batch && batch.index === last.index) {
      last.pieces.push(...batch.pieces);
    } else {
      packed.push(batch ?? item);
      last = batch;
    }
  }
  return packed;
}

/** The items again. */
export function unpack<T extends object>(items: readonly (T | DeltaBatch)[]): (T | UntypedEvent)[] {
  return items.flatMap((item): (T | UntypedEvent)[] => (isBatch(item) ? toDeltas(item) : [item]));
}

/** Events may have any fields, but all have a type. */
function isBatch(item: object): item is DeltaBatch {
  return 'batch' in item && !('type' in item);
}

/** An event as a batch of one, where it is a delta of one string and nothing else. */
function toBatch(item: object): DeltaBatch | undefined {
  const { type, index, delta } = item as UntypedEvent;
  if (type !== 'content_block_delta' || Object.keys(item).length !== 3) return undefined;
  const kind = STRING_DELTAS.get((delta as UntypedDelta | undefined)?.type ?? '');
  if (kind === undefined || Object.keys(delta as object).length !== 2) return undefined;
  const piece = (delta as UntypedDelta)[kind.brings];
  return typeof piece === 'string' && index !== undefined
    ? { batch: kind.type, index, pieces: [piece] }
    : undefined;
}

function toDeltas({ batch, index, pieces }: DeltaBatch): UntypedEvent[] {
  const { make } = STRING_DELTAS.get(batch) as StringDeltaKind;
  return pieces.map((piece) => ({ type: 'content_block_delta', index, delta: make(piece) }));
}
