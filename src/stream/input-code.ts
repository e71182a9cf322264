import { hasPartialInput, providePartialInput } from '../message/input-draft.js';
import { BLOCKS } from '../message/kinds.js';
import type { UntypedBlock, UntypedEvent } from '../message/untyped.js';
import { loadOptional } from './load-optional.js';

/**
 * What to wait for before the start of a block is shown; undefined for nothing. With a tool call it is the code
 * that shows unfinished inputs: the reader of the event may look at the input in the same turn. Where the code
 * can't be loaded the stream goes on, and inputs show when they are whole.
 */
export function inputCode(start: UntypedEvent): Promise<void> | undefined {
  return hasPartialInput() || !mayTakeInput(start.content_block) ? undefined : load();
}

/** A block of an unknown kind may. */
function mayTakeInput(block: unknown): boolean {
  const { type = '' } = (block ?? {}) as Partial<UntypedBlock>;
  return BLOCKS.get(type)?.deltas.includes('input_json_delta') ?? true;
}

async function load(): Promise<void> {
  const loaded = await loadOptional(import('../message/partial-input.js'));
  if (loaded !== undefined) providePartialInput(loaded.PartialInput);
}
