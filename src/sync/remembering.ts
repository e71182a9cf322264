import type { LooseEvent } from '../message/loose.js';
import { MessageState } from '../stream/message-state.js';
import type { EventSource, SourceOwner } from '../stream/source.js';
import { LATER } from '../transport/later.js';
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
  const remember = (event: LooseEvent | undefined): void => {
    if (event !== undefined) state.accept(event);
  };
  return {
    connect: () => source.connect(),
    next: (waiting) => {
      const event = source.next({
        arrived: (event) => {
          try {
            remember(event);
          } catch (error) {
            waiting.failed(error);
            return;
          }
          waiting.arrived(event);
        },
        failed: (error) => waiting.failed(error),
      });
      if (event !== LATER) remember(event);
      return event;
    },
    cancel: (reason) => source.cancel(reason),
  };
}
