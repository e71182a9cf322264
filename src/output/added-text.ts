import type { UntypedBlock, UntypedEvent, UntypedMessage } from '../message/untyped.js';
import { textDelta, textOf } from '../stream/text-of.js';

/** The text that an event adds to a message. */
export function addedText(event: UntypedEvent): string {
  return adds.get(event.type)?.(event) ?? '';
}

const adds: ReadonlyMap<string, (event: UntypedEvent) => string | undefined> = new Map([
  ['message_start', ({ message }) => textOf((message as UntypedMessage).content)],
  ['content_block_start', ({ content_block }) => textOf([content_block as UntypedBlock])],
  ['content_block_delta', textDelta],
]);
