import type { LooseEvent } from '../message/loose.js';
import { MessageState } from '../stream/message-state.js';
import type { EventSource, SourceOwner } from '../stream/source.js';
import { isLater } from '../transport/soon.js';
import type { Step } from './protocol.js';
import { tellingOwner } from './steps.js';

/**
 * A source whose message is accumulated in the worker too: to ask for the rest of one it must know what
 * was handed out.
 */
export function remembering(
  open: (owner: SourceOwner) => EventSource,
  tell: (step: Step) => void,
): EventSource {
  const state = new MessageState();
  const source = open({ ...tellingOwner(tell), partial: () => state.partial() });
  const remembered = (event: LooseEvent | undefined): LooseEvent | undefined => {
    if (event !== undefined) state.accept(event);
    return event;
  };
  return {
    connect: () => source.connect(),
    next: () => {
      const event = source.next();
      return isLater(event) ? Promise.resolve(event).then(remembered) : remembered(event);
    },
    cancel: (reason) => source.cancel(reason),
  };
}
