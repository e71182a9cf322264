import { concat } from '../../sse/concat.js';
import { type BytesStep, isBytes, type Step, toEventStep, toUtf8 } from '../model/step.js';

/*
 * Changes to the steps of an answer. Generators: a step is created when it is read.
 */

/** One part after the other. */
export function* chain(...parts: readonly Iterable<Step>[]): Generator<Step, void, undefined> {
  for (const steps of parts) yield* steps;
}

/** Pings without end. @param every in milliseconds, the time before each. */
export function* pingForever(every: number): Generator<Step, void, undefined> {
  for (;;) {
    yield { wait: every };
    yield toEventStep({ type: 'ping' });
  }
}

/** One byte at a time. @param every in milliseconds, the time before each. */
export function* dripSteps(steps: Iterable<Step>, every: number): Generator<Step, void, undefined> {
  for (const step of chunkSteps(steps, [1])) {
    if (isBytes(step)) yield { wait: every };
    yield step;
  }
}

/** Sends `message_start` twice. */
export function* startTwice(steps: Iterable<Step>): Generator<Step, void, undefined> {
  for (const step of steps) {
    yield step;
    if (isBytes(step) && step.event?.type === 'message_start') yield toEventStep(step.event);
  }
}

/** Swaps an event with the one before it. @param second the event, counted from 1. */
export function* swapEvents(
  steps: Iterable<Step>,
  second: number,
): Generator<Step, void, undefined> {
  let events = 0;
  let held: Step | undefined;
  for (const step of steps) {
    if (isBytes(step) && step.event !== undefined) events++;
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

const LINE_END = 0x0a;

/** Drops the blank line after the last event. JSON, which has none, stays. */
export function* dropFinalBlankLine(steps: Iterable<Step>): Generator<Step, void, undefined> {
  let last: Step | undefined;
  for (const step of steps) {
    if (last !== undefined) yield last;
    last = step;
  }
  if (last === undefined) return;
  if (!isBytes(last) || last.bytes.at(-1) !== LINE_END) return yield last;
  yield { ...last, bytes: last.bytes.subarray(0, last.bytes.length - 1) };
}

/** Changes the text of each event. Bytes that don't form a complete event don't change. */
export function* changeEvents(
  steps: Iterable<Step>,
  change: (event: string) => string,
): Generator<Step, void, undefined> {
  const text = new TextDecoder();
  for (const step of steps) {
    if (!isBytes(step) || step.event === undefined) yield step;
    else yield { ...step, bytes: toUtf8(change(text.decode(step.bytes))) };
  }
}

/** The text of an event with a line break wherever JSON allows one. */
export function splitDataLines(event: string): string {
  return event.replace(/^data: (.*)$/m, (_, json: string) => {
    const lines = JSON.stringify(JSON.parse(json), null, 1).split('\n');
    return lines.map((line) => `data: ${line}`).join('\n');
  });
}

/**
 * The bytes in chunks of the given sizes, in turn. Chunks can span events, but not a wait or the end.
 */
export function* chunkSteps(
  steps: Iterable<Step>,
  sizes: readonly number[],
): Generator<Step, void, undefined> {
  let turn = 0;
  let held = new Uint8Array();
  const size = (): number => sizes[turn % sizes.length] ?? 1;
  let event: BytesStep['event'];
  const takeChunk = (length: number): Step => {
    const bytes = held.subarray(0, length);
    held = held.subarray(length);
    turn++;
    // The event is complete with the chunk that takes the last of its bytes.
    const isComplete = held.length === 0 && event !== undefined;
    return isComplete ? { bytes, event: event as NonNullable<typeof event> } : { bytes };
  };
  for (const step of steps) {
    if (isBytes(step)) {
      held = concat([held, step.bytes], held.length + step.bytes.length);
      event = step.event;
      while (held.length >= size()) yield takeChunk(size());
    } else {
      if (held.length > 0) yield takeChunk(held.length);
      yield step;
    }
  }
  if (held.length > 0) yield takeChunk(held.length);
}
