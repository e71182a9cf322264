import { providePartialInput } from '../message/input-draft.js';
import { PartialInput } from '../message/partial-input.js';
import { PENDING } from '../pull/poll.js';
import { MessageRecord } from '../stream/message-record.js';
import type { EventSource, SourceOwner } from '../stream/source.js';
import type { Step } from './protocol.js';
import { forwardingOwner } from './steps.js';

/**
 * A source whose message is accumulated in the worker too: to request the rest of a message, the worker
 * must know what was delivered.
 */
export function accumulatingSource(
  open: (owner: SourceOwner) => EventSource,
  forward: (step: Step) => void,
): EventSource {
  providePartialInput(PartialInput);
  const record = new MessageRecord();
  const source = open({ ...forwardingOwner(forward), partial: () => record.partial() });
  return {
    connect: (wake) => source.connect(wake),
    next: (wake) => {
      const event = source.next(wake);
      if (event !== PENDING && event !== undefined) record.accept(event);
      return event;
    },
    cancel: (reason) => source.cancel(reason),
  };
}
