import { AnthropicError } from '../errors.js';
import { sseHeaders, type Texts } from './sse-response.js';

/** What is needed of a ServerResponse of `node:http`, `node:https` or `node:http2`. */
export interface NodeResponse {
  readonly headersSent: boolean;
  readonly destroyed: boolean;
  statusCode: number;
  setHeader(name: string, value: string | readonly string[]): unknown;
  flushHeaders?(): void;
  write(chunk: string | Uint8Array): boolean;
  end(): unknown;
  destroy(): unknown;
  on(event: 'close' | 'drain', listener: () => void): unknown;
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
  response.on('close', gone);
  response.statusCode = status;
  sseHeaders(headers).forEach((value, name) => {
    response.setHeader(name, value);
  });
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
    response.on('drain', settle);
    response.on('close', settle);
    // It may have closed before.
    if (response.destroyed) settle();
  });
}
