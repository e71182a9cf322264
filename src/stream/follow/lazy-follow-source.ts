import { checkOptions, isFunction, shown } from '../../check-options.js';
import { AnthropicError } from '../../errors.js';
import { systemClock } from '../../transport/clock.js';
import { DEFAULT_TIMEOUTS } from '../../transport/timeouts.js';
import { LazySource } from '../lazy-source.js';
import { chunkDeadline, loadChunk } from '../load-chunk.js';
import { RECEIVED_OPTIONS, type ReceivedOptions } from '../received-source.js';
import { ResponseEvents } from '../response-events.js';
import type { EventSource, SourceOwner } from '../source.js';
import type { OpenConnection } from './followed.js';

/** The source of `MessageStream.follow`: pages that don't follow a relay load none of its code. */
export function lazyFollowSource(
  open: OpenConnection,
  options: ReceivedOptions,
  owner: SourceOwner,
): EventSource {
  checkFollow('MessageStream.follow', open, options);
  const deadline = chunkDeadline({ timeouts: DEFAULT_TIMEOUTS, clock: systemClock }, options);
  const load = async (): Promise<EventSource> => {
    const chunks = Promise.all([import('./follow-source.js'), import('./follow-message.js')]);
    const [{ FollowSource }, { followedMessage }] = await loadChunk(
      'MessageStream.follow',
      chunks,
      deadline,
    );
    return new FollowSource(open, options, followedMessage(options, ResponseEvents), owner);
  };
  return new LazySource(load, deadline);
}

/** @throws AnthropicError for arguments of `follow` that are none. */
export function checkFollow(method: string, open: OpenConnection, options: ReceivedOptions): void {
  checkOptions(options, RECEIVED_OPTIONS);
  if (isFunction(open)) return;
  throw new AnthropicError(
    `${method} takes a function, not ${shown(open)}: write ` +
      "follow((lastEventId, signal) => fetch(url, { signal, headers: lastEventId ? { 'last-event-id': lastEventId } : {} }))",
  );
}
