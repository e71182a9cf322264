import type { LooseBlock, LooseEvent, LooseMessage } from '../message/loose.js';
import { textDelta, textOf } from '../stream/text-of.js';

/** The text that an event adds to a message. */
export function addedText(event: LooseEvent): string {
  return adds.get(event.type)?.(event) ?? '';
}

const adds: ReadonlyMap<string, (event: LooseEvent) => string | undefined> = new Map([
  ['message_start', ({ message }) => textOf((message as LooseMessage).content)],
  ['content_block_start', ({ content_block }) => textOf([content_block as LooseBlock])],
  ['content_block_delta', textDelta],
]);
