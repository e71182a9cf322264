import type { NodeResponse } from '../stream/pipe-to.js';
import { followers } from './native-response.js';
import { writeLog } from './write-log.js';

/**
 * Sends a Response with a server of `node:http`, as fast as the client reads. What `relay.handle()` responds with is
 * written without a web stream, which costs less than the socket does. When the client leaves, the body is cancelled.
 * Resolves when all is sent, or the client has left.
 */
export async function writeResponse(response: Response, to: NodeResponse): Promise<void> {
  to.statusCode = response.status;
  for (const [name, value] of response.headers) {
    if (name !== 'set-cookie') to.setHeader(name, value);
  }
  const cookies = response.headers.getSetCookie();
  if (cookies.length > 0) to.setHeader('set-cookie', cookies);
  const follower = followers.get(response);
  // A follower has bytes at once: the head goes out with them, in one packet.
  if (follower !== undefined) await writeLog(follower.follow(), to);
  else if (response.body !== null) {
    to.flushHeaders?.();
    await pump(response.body, to);
  }
  if (!to.destroyed) to.end();
}

async function pump(body: ReadableStream<Uint8Array>, to: NodeResponse): Promise<void> {
  const reader = body.getReader();
  let drained = (): void => {};
  to.on('drain', () => drained());
  to.on('close', () => {
    drained();
    reader.cancel().catch(() => {});
  });
  for (;;) {
    if (to.destroyed) await reader.cancel();
    const { done, value } = await reader.read();
    if (done) return;
    if (to.write(value)) continue;
    await new Promise<void>((resolve) => {
      drained = resolve;
    });
  }
}
