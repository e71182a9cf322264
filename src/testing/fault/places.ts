import type { UntypedDelta, UntypedEvent } from '../../message/untyped.js';
import type { Phase, Place } from '../model/fault.js';
import { isSent, type Sent, type Step } from '../model/step.js';

/** Stands between two steps, where a place is. */
export const HERE: unique symbol = Symbol('here');

/** The steps as they are, with `HERE` among them where the place is; a step may be parted there. */
export function* marked(
  steps: Iterable<Step>,
  place: Place,
): Generator<Step | typeof HERE, void, undefined> {
  const find = finderOf(place);
  let isFound = find(undefined) !== undefined;
  if (isFound) yield HERE;
  for (const step of steps) {
    const at = isFound || !isSent(step) ? undefined : find(step);
    if (at === undefined) {
      yield step;
      continue;
    }
    isFound = true;
    const { bytes, event } = step as Sent;
    if (at === bytes.length) {
      yield step;
      yield HERE;
    } else {
      yield { bytes: bytes.subarray(0, at) };
      yield HERE;
      yield { bytes: bytes.subarray(at), ...(event && { event }) };
    }
  }
}

/**
 * Is given each step in turn, undefined before the first.
 * @returns how many bytes of it come before the place; undefined where the place is not in it.
 */
type Find = (sent: Sent | undefined) => number | undefined;

function finderOf(place: Place): Find {
  if ('byte' in place) return findByte(place.byte);
  if ('phase' in place) return findPhase(place.phase);
  return findEvent(place.event);
}

function findByte(byte: number): Find {
  let passed = 0;
  return (sent) => {
    const length = sent?.bytes.length ?? 0;
    const at = byte - passed;
    passed += length;
    return at <= length ? at : undefined;
  };
}

function findEvent(wanted: number | string): Find {
  let passed = 0;
  return (sent) => {
    if (sent?.event !== undefined) passed++;
    const isThere = typeof wanted === 'number' ? passed >= wanted : sent?.event?.type === wanted;
    return isThere ? (sent?.bytes.length ?? 0) : undefined;
  };
}

function findPhase(phase: Phase): Find {
  return (sent) => {
    if (sent === undefined) return phase === 'headers' ? 0 : undefined;
    return sent.event !== undefined && PHASES[phase](sent.event) ? sent.bytes.length : undefined;
  };
}

/** Whether an event brings a message into a phase. */
const PHASES: Readonly<Record<Phase, (event: UntypedEvent) => boolean>> = {
  headers: () => false,
  text: says('text'),
  thinking: says('thinking'),
  tool_input: says('partial_json'),
  between_blocks: ({ type }) => type === 'content_block_stop',
  end: ({ type }) => type === 'message_delta',
};

function says(field: string): (event: UntypedEvent) => boolean {
  return ({ type, delta }) =>
    type === 'content_block_delta' && Boolean((delta as UntypedDelta | undefined)?.[field]);
}
