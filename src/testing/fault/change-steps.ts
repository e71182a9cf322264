import type { UntypedEvent } from '../../message/untyped.js';
import { isSent, type Step } from '../model/step.js';
import { encode } from '../script/answer-reply.js';
import { inChunks } from './wire-text.js';

/*
 * What becomes of the steps of an answer. Generators: a step is made when it is taken.
 */

/** One after the other. */
export function* chained(...parts: readonly Iterable<Step>[]): Generator<Step, void, undefined> {
  for (const steps of parts) yield* steps;
}

/** Nothing but pings, and no end. @param every in milliseconds, the time before each. */
export function* pingsForever(every: number): Generator<Step, void, undefined> {
  for (;;) {
    yield { wait: every };
    yield encode({ type: 'ping' });
  }
}

/** A byte at a time. @param every in milliseconds, the time before each. */
export function* dripped(steps: Iterable<Step>, every: number): Generator<Step, void, undefined> {
  for (const step of inChunks(steps, [1])) {
    if (isSent(step)) yield { wait: every };
    yield step;
  }
}

/** `message_start` comes twice. */
export function* twiceStarted(steps: Iterable<Step>): Generator<Step, void, undefined> {
  for (const step of steps) {
    yield step;
    if (isSent(step) && step.event?.type === 'message_start')
      yield encode(step.event as UntypedEvent);
  }
}

/** An event and the one before it change places. @param second the event, counted from 1. */
export function* swapped(steps: Iterable<Step>, second: number): Generator<Step, void, undefined> {
  let events = 0;
  let held: Step | undefined;
  for (const step of steps) {
    if (isSent(step) && step.event !== undefined) events++;
    if (events === second - 1 && held === undefined) {
      held = step;
      continue;
    }
    yield step;
    if (held !== undefined && events >= second) {
      yield held;
      held = undefined;
      events = Number.POSITIVE_INFINITY;
    }
  }
  if (held !== undefined) yield held;
}

/** The last event is not ended by a blank line. */
export function* withoutBlankLine(steps: Iterable<Step>): Generator<Step, void, undefined> {
  let last: Step | undefined;
  for (const step of steps) {
    if (last !== undefined) yield last;
    last = step;
  }
  if (last === undefined) return;
  if (!isSent(last)) return yield last;
  yield { ...last, bytes: last.bytes.subarray(0, last.bytes.length - 1) };
}
