import type { AnyMessage } from '../wire/beta.js';
import type { RawMessageStreamEvent } from '../wire/events.js';
import type { Message } from '../wire/message.js';
import { MessageDraft } from './draft.js';
import { providePartialInput } from './input-draft.js';
import { Normalizer } from './normalize.js';
import { PartialInput } from './partial-input.js';
import type { UntypedEvent } from './untyped.js';

/**
 * The message that some raw events make, finished or not.
 * @returns undefined where none of them is of a message.
 * @throws StreamProtocolError where the events do not fit together.
 */
export function accumulate<M extends AnyMessage = Message>(
  events: Iterable<RawMessageStreamEvent<M>>,
): M | undefined {
  providePartialInput(PartialInput);
  const draft = new MessageDraft();
  const normalizer = new Normalizer();
  for (const event of events) {
    for (const normal of normalizer.normalize(event as UntypedEvent)) draft.apply(normal);
  }
  for (const event of normalizer.end()) draft.apply(event);
  return draft.snapshot as M | undefined;
}
