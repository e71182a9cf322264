import { DELTAS } from '../../message/kinds.js';
import type { UntypedDelta, UntypedEvent } from '../../message/untyped.js';
import type { Phase, Place } from '../model/fault.js';
import { type BytesStep, isBytes, type Step } from '../model/step.js';

/** Marks a place between two steps. */
export const PLACE: unique symbol = Symbol('place');

/** The unchanged steps, with `PLACE` inserted at the place; a step is split if the place is inside it. */
export function* markPlace(
  steps: Iterable<Step>,
  place: Place,
): Generator<Step | typeof PLACE, void, undefined> {
  const find = createFind(place);
  let isFound = find(undefined) !== undefined;
  if (isFound) yield PLACE;
  for (const step of steps) {
    const at = isFound || !isBytes(step) ? undefined : find(step);
    if (at === undefined) {
      yield step;
      continue;
    }
    isFound = true;
    const { bytes, event } = step as BytesStep;
    if (at === bytes.length) {
      yield step;
      yield PLACE;
    } else {
      yield { bytes: bytes.subarray(0, at) };
      yield PLACE;
      yield { bytes: bytes.subarray(at), ...(event && { event }) };
    }
  }
}

/**
 * Gets each step in turn; undefined before the first.
 * @returns how many of its bytes come before the place; undefined if the place isn't in it.
 */
type Find = (step: BytesStep | undefined) => number | undefined;

function createFind(place: Place): Find {
  if ('byte' in place) return findByte(place.byte);
  if ('phase' in place) return findPhase(place.phase);
  return findEvent(place.event);
}

function findByte(byte: number): Find {
  let passed = 0;
  return (step) => {
    const length = step?.bytes.length ?? 0;
    const at = byte - passed;
    passed += length;
    return at <= length ? at : undefined;
  };
}

function findEvent(wanted: number | string): Find {
  let passed = 0;
  return (step) => {
    if (step?.event !== undefined) passed++;
    const isFound = typeof wanted === 'number' ? passed >= wanted : step?.event?.type === wanted;
    return isFound ? (step?.bytes.length ?? 0) : undefined;
  };
}

function findPhase(phase: Phase): Find {
  return (step) => {
    if (step === undefined) return phase === 'headers' ? 0 : undefined;
    return step.event !== undefined && PHASES[phase](step.event) ? step.bytes.length : undefined;
  };
}

/** Whether an event starts a phase of the message. */
const PHASES: Readonly<Record<Phase, (event: UntypedEvent) => boolean>> = {
  headers: () => false,
  text: hasDelta('text_delta'),
  thinking: hasDelta('thinking_delta'),
  tool_input: hasDelta('input_json_delta'),
  between_blocks: ({ type }) => type === 'content_block_stop',
  end: ({ type }) => type === 'message_delta',
};

/** Whether an event is a delta of a type, and not empty. */
function hasDelta(type: string): (event: UntypedEvent) => boolean {
  return (event) => {
    const delta = event.delta as UntypedDelta | undefined;
    return delta?.type === type && Boolean(delta[String(DELTAS.get(type)?.brings)]);
  };
}
