import { AnthropicError } from '../errors.js';
import { sseHeaders, type Texts } from './sse-response.js';

/** What `pipeTo` needs of a ServerResponse of `node:http`, `node:https` or `node:http2`. */
export interface NodeResponse {
  readonly headersSent: boolean;
  readonly destroyed: boolean;
  readonly statusCode: number;
  writeHead(status: number, headers: Record<string, string>): unknown;
  flushHeaders?(): void;
  write(text: string): boolean;
  end(): unknown;
  destroy(): unknown;
  once(event: 'close' | 'drain', listener: () => void): unknown;
  off(event: 'close' | 'drain', listener: () => void): unknown;
}

/**
 * Writes server-sent events to a response of Node, at its pace. Resolves when all is written, or the client
 * has disconnected.
 * @throws AnthropicError (rejects) where the response has begun already.
 */
export async function pipeTo(
  texts: Texts,
  response: NodeResponse,
  { status = response.statusCode, headers }: ResponseInit = {},
): Promise<void> {
  if (response.headersSent) {
    throw new AnthropicError(
      'the headers of this response have been sent: call pipeTo(response) before you write to it',
    );
  }
  let isGone = response.destroyed;
  const gone = (): void => {
    isGone = true;
    void texts.return?.();
  };
  if (isGone) return gone();
  response.once('close', gone);
  response.writeHead(status, Object.fromEntries(sseHeaders(headers)));
  // The client shows that it is connected, before the first event.
  response.flushHeaders?.();
  try {
    for (let next = await texts.next(); !next.done && !isGone; next = await texts.next()) {
      if (!response.write(next.value)) await drained(response);
    }
  } catch (error) {
    // The client must not take what it has for everything.
    response.destroy();
    throw error;
  } finally {
    response.off('close', gone);
  }
  response.end();
}

/** Resolves when there is room again, or the client has disconnected. */
function drained(response: NodeResponse): Promise<void> {
  return new Promise((resolve) => {
    const settle = (): void => {
      response.off('drain', settle);
      response.off('close', settle);
      resolve();
    };
    response.once('drain', settle);
    response.once('close', settle);
    // It may have closed before.
    if (response.destroyed) settle();
  });
}
