import { fromRelayedBody } from '../../relayed-error.js';
import { sizeLimits } from '../../transport/size-limits.js';
import type { ReceivedOptions } from '../received-source.js';
import type { ResponseEvents } from '../response-events.js';
import type { Next } from '../source.js';
import type { Followed } from './followed.js';

/** What `MessageStream.follow()` follows. @param options checked. @param Events passed, see `Reading`. */
export function followedMessage(
  options: ReceivedOptions,
  Events: typeof ResponseEvents,
): Followed<Next> {
  const limits = sizeLimits(options);
  return {
    method: 'MessageStream.follow',
    read: (response, attempt, { received, failed }) =>
      new Events(response, attempt, limits, {
        isRelayed: true,
        // A connection may begin in the middle of a block; what a relay keeps is in order.
        isRaw: true,
        received,
        readError: (...said) => {
          const error = fromRelayedBody(...said);
          failed(error);
          return error;
        },
      }),
    isLast: (event) => event === undefined || event.type === 'message_stop',
  };
}
