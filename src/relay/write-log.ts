import type { NodeResponse } from '../stream/pipe-to.js';
import type { SseFollower } from './sse-follower.js';

/** Sends a log to a response of Node as fast as the client reads. Resolves when all is sent, or the client has left. */
export function writeLog(follower: SseFollower, to: NodeResponse): Promise<void> {
  return new Promise((resolve) => {
    const leave = (): void => {
      follower.leave();
      resolve();
    };
    if (to.destroyed) return leave();
    to.on('close', leave);
    const write = (): void => {
      for (;;) {
        const bytes = follower.take();
        // Nothing is held for a client that can't take more: it goes on where it was.
        const isFull = bytes !== undefined && !to.write(bytes);
        if (follower.isDone) resolve();
        else if (bytes === undefined) follower.wait(write);
        else if (!isFull) continue;
        return;
      }
    };
    to.on('drain', write);
    write();
  });
}
