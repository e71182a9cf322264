import { hasPartialInput, providePartialInput } from '../message/input-draft.js';
import { BLOCKS } from '../message/kinds.js';
import type { UntypedBlock, UntypedEvent } from '../message/untyped.js';
import { PENDING, type Poll, toPoll, type Wake } from '../pull/poll.js';
import { loadOptional } from './load-optional.js';
import type { EventSource, Next } from './source.js';

/**
 * Holds the start of a tool call back until the code that shows unfinished inputs is loaded: the reader of
 * the event may look at the input in the same turn. Where the code can't be loaded the stream goes on, and
 * inputs show when they are whole.
 */
export class InputGate {
  #held: { event: UntypedEvent; loaded: (wake: Wake) => Poll<void> } | undefined;

  /** The next event of a source. One question at a time. @throws what the source throws. */
  next(source: Pick<EventSource, 'next'>, wake: Wake): Poll<Next> {
    if (this.#held === undefined) {
      const event = source.next(wake);
      if (event === PENDING || event?.type !== 'content_block_start') return event;
      if (hasPartialInput() || !mayTakeInput(event.content_block)) return event;
      this.#held = { event, loaded: toPoll(loadPartialInput()) };
    }
    const { event, loaded } = this.#held;
    if (loaded(wake) === PENDING) return PENDING;
    this.#held = undefined;
    return event;
  }
}

/** A block of an unknown kind may. */
function mayTakeInput(block: unknown): boolean {
  const { type = '' } = (block ?? {}) as Partial<UntypedBlock>;
  return BLOCKS.get(type)?.deltas.includes('input_json_delta') ?? true;
}

async function loadPartialInput(): Promise<void> {
  const loaded = await loadOptional(import('../message/partial-input.js'));
  if (loaded !== undefined) providePartialInput(loaded.PartialInput);
}
