import { traceFollow } from '../trace/relay-trace.js';
import { errorOf, leftError } from './ends.js';
import { indexAfter } from './engine.js';
import type { HeldLog } from './log-source.js';
import type { FollowOptions } from './options.js';
import type { Replica } from './replica.js';
import { SseFollower } from './sse-follower.js';
import { SseLog } from './sse-log.js';
import { fromWireId, unknownIdError } from './wire-id.js';

/** How a connection follows a log. */
export interface HttpFollowerOptions {
  /** The index of its first entry. */
  from: number;
  rotate: number | undefined;
  /** Whose instruments learn of it. */
  client: FollowOptions['client'];
}

/** A connection that is to follow a log, or that leaves before it does. */
export interface HttpFollower {
  follow: () => SseFollower;
  leave: () => void;
}

/** One connection that follows a log, and releases it at its end. */
export function httpFollower(
  { replica, release }: HeldLog,
  { from, rotate, client }: HttpFollowerOptions,
): HttpFollower {
  const trace = traceFollow(client);
  const left = (isOver: boolean): void => {
    release();
    if (trace === undefined) return;
    const error = isOver ? (replica.failure ?? (replica.end && errorOf(replica.end))) : leftError();
    trace.end(replica.producers, error);
  };
  let follower: SseFollower | undefined;
  return {
    follow: () => {
      trace?.begin();
      follower ??= new SseFollower(SseLog.of(replica), { from, rotate, left });
      return follower;
    },
    leave: () => {
      if (follower === undefined) release();
      else follower.leave();
    },
  };
}

/**
 * The index of the entry after the one with an id; 0 for no id.
 * @throws BadRequestError where it is no id of this stream.
 */
export function indexAfterId(replica: Replica, id: string | undefined): number {
  if (id === undefined) return 0;
  const position = fromWireId(replica.claim?.tag ?? '', id);
  if (position === undefined) throw unknownIdError();
  return indexAfter(replica.entries, position);
}
