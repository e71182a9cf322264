import { concat } from '../../sse/concat.js';
import { isSent, type Step } from '../model/step.js';

const utf8 = new TextEncoder();
const text = new TextDecoder();

/** The steps with the text of each event changed. Bytes that are no whole event stay as they are. */
export function* inText(
  steps: Iterable<Step>,
  change: (event: string) => string,
): Generator<Step, void, undefined> {
  for (const step of steps) {
    if (!isSent(step) || step.event === undefined) yield step;
    else yield { ...step, bytes: utf8.encode(change(text.decode(step.bytes))) };
  }
}

/** The text of an event with a line break at each place where JSON allows one. */
export function split(event: string): string {
  return event.replace(/^data: (.*)$/m, (_, json: string) => {
    const lines = JSON.stringify(JSON.parse(json), null, 1).split('\n');
    return lines.map((line) => `data: ${line}`).join('\n');
  });
}

/**
 * The bytes in chunks of some sizes, which come round again. Bytes are collected over the ends of
 * events, but never over a wait or the end.
 */
export function* inChunks(
  steps: Iterable<Step>,
  sizes: readonly number[],
): Generator<Step, void, undefined> {
  let turn = 0;
  let held = new Uint8Array();
  const size = (): number => sizes[turn % sizes.length] ?? 1;
  let event: Extract<Step, { bytes: Uint8Array }>['event'];
  const chunk = (length: number): Step => {
    const bytes = held.subarray(0, length);
    held = held.subarray(length);
    turn++;
    // The event is complete with the chunk that leaves nothing of it.
    const isWhole = held.length === 0 && event !== undefined;
    return isWhole ? { bytes, event: event as NonNullable<typeof event> } : { bytes };
  };
  for (const step of steps) {
    if (isSent(step)) {
      held = concat([held, step.bytes], held.length + step.bytes.length);
      event = step.event;
      while (held.length >= size()) yield chunk(size());
    } else {
      if (held.length > 0) yield chunk(held.length);
      yield step;
    }
  }
  if (held.length > 0) yield chunk(held.length);
}
