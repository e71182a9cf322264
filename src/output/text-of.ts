import type { LooseBlock, LooseDelta, LooseEvent, LooseMessage } from '../message/loose.js';

/** All text of a message's blocks. */
export function textOf(content: readonly object[]): string {
  return (content as readonly LooseBlock[]).map(textOfBlock).join('');
}

/** The text that an event adds to a message. */
export function addedText(event: LooseEvent): string {
  return adds.get(event.type)?.(event) ?? '';
}

const adds: ReadonlyMap<string, (event: LooseEvent) => string> = new Map([
  ['message_start', ({ message }) => textOf((message as LooseMessage).content)],
  ['content_block_start', ({ content_block }) => textOfBlock(content_block as LooseBlock)],
  [
    'content_block_delta',
    ({ delta }) => {
      const { type, text } = delta as LooseDelta;
      return type === 'text_delta' ? String(text) : '';
    },
  ],
]);

function textOfBlock({ type, text }: LooseBlock): string {
  return type === 'text' && typeof text === 'string' ? text : '';
}
