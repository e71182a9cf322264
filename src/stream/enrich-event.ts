import type { MessageDraft } from '../message/draft.js';
import type { UntypedEvent } from '../message/untyped.js';

/** A raw event that the draft has taken in, as readers get it: the two ends carry what they end. */
export function enrichEvent(event: UntypedEvent, draft: MessageDraft): UntypedEvent {
  if (event.type === 'content_block_stop') {
    return { ...event, content_block: draft.block(event.index as number) };
  }
  return event.type === 'message_stop' ? { ...event, message: draft.snapshot } : event;
}
