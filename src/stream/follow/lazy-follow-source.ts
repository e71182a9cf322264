import { checkOptions, isFunction, shown } from '../../check-options.js';
import { AnthropicError } from '../../errors.js';
import { systemClock } from '../../transport/clock.js';
import { DEFAULT_TIMEOUTS } from '../../transport/timeouts.js';
import { LazySource } from '../lazy-source.js';
import { chunkDeadline, loadChunk } from '../load-chunk.js';
import { RECEIVED_OPTIONS, type ReceivedOptions } from '../received-source.js';
import type { EventSource, SourceOwner } from '../source.js';
import type { OpenConnection } from './follow-source.js';

/** The source of `MessageStream.follow`: pages that don't follow a relay load none of its code. */
export function lazyFollowSource(
  open: OpenConnection,
  options: ReceivedOptions,
  owner: SourceOwner,
): EventSource {
  checkOptions(options, RECEIVED_OPTIONS);
  if (!isFunction(open)) {
    throw new AnthropicError(
      `MessageStream.follow takes a function, not ${shown(open)}: write ` +
        "follow((lastEventId, signal) => fetch(url, { signal, headers: lastEventId ? { 'last-event-id': lastEventId } : {} }))",
    );
  }
  const deadline = chunkDeadline({ timeouts: DEFAULT_TIMEOUTS, clock: systemClock }, options);
  const load = async (): Promise<EventSource> => {
    const chunk = import('./follow-source.js');
    const { FollowSource } = await loadChunk('MessageStream.follow', chunk, deadline);
    return new FollowSource(open, options, owner);
  };
  return new LazySource(load, deadline);
}
