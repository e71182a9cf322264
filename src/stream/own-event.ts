import type { MessageDraft } from '../message/draft.js';
import type { LooseEvent } from '../message/loose.js';

/**
 * What our events have beyond the raw ones: the two ends carry what they end, a restart what it gives up.
 */
const OWN_FIELDS: ReadonlyMap<string, string> = new Map([
  ['ping', 'discarded'],
  ['content_block_stop', 'content_block'],
  ['message_stop', 'message'],
]);

/** A raw event that the draft has taken in, as readers get it. */
export function ownEvent(event: LooseEvent, draft: MessageDraft): LooseEvent {
  if (event.type === 'content_block_stop') {
    return { ...event, content_block: draft.block(event.index as number) };
  }
  return event.type === 'message_stop' ? { ...event, message: draft.snapshot } : event;
}

/** One of our events as the API sends it. */
export function rawEvent(event: LooseEvent): LooseEvent {
  const own = OWN_FIELDS.get(event.type);
  if (own === undefined || !(own in event)) return event;
  const { [own]: _, ...raw } = event;
  return raw as LooseEvent;
}
