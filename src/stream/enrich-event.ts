import type { MessageDraft } from '../message/draft.js';
import type { UntypedEvent } from '../message/untyped.js';
import { restartIndex, toWireRestart } from './restart.js';

/** What readers get beyond the raw event: the two ends carry what they end. */
const ENRICHED: ReadonlyMap<string, string> = new Map([
  ['content_block_stop', 'content_block'],
  ['message_stop', 'message'],
]);

/** A raw event that the draft has taken in, as readers get it. */
export function enrichEvent(event: UntypedEvent, draft: MessageDraft): UntypedEvent {
  if (event.type === 'content_block_stop') {
    return { ...event, content_block: draft.block(event.index as number) };
  }
  return event.type === 'message_stop' ? { ...event, message: draft.snapshot } : event;
}

/** An enriched event as the API sends it; a restart under its wire name. */
export function toRawEvent(event: UntypedEvent): UntypedEvent {
  const restart = restartIndex(event);
  if (restart !== undefined) return toWireRestart(restart);
  const field = ENRICHED.get(event.type);
  if (field === undefined || !(field in event)) return event;
  const { [field]: _, ...raw } = event;
  return raw as UntypedEvent;
}
