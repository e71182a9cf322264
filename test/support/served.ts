import {
  createEmulator,
  type Emulator,
  type Reply,
  reply,
  type Server,
  serve,
} from '../../src/testing/index.js';
import { sse, type WireEvent } from '../contract/wire.js';

/** Events in one chunk, of the request `req_test`. */
export function atOnce(events: readonly WireEvent[]): Reply {
  const headers = { 'content-type': 'text/event-stream', 'request-id': 'req_test' };
  return reply.raw(200, headers, [sse(...events)]);
}

/** An emulator on a socket of its own: gives the replies in turn, and the last one again. */
export async function served(...replies: readonly Reply[]): Promise<Emulator & Server> {
  let taken = 0;
  const emulator = createEmulator({
    replies: () => replies[Math.min(taken++, replies.length - 1)] as Reply,
  });
  return { ...emulator, ...(await serve(emulator)) };
}
