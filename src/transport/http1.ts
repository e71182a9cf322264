import type { ClientRequest, IncomingMessage } from 'node:http';
import { decodedBody } from './decoded-body.js';
import { NodeHead } from './node-head.js';
import {
  NO_BODY,
  type ResponseHead,
  type TransportRequest,
  type TransportResponse,
} from './port.js';
import { ReadableBody } from './readable-body.js';
import { type Target, throughProxy } from './target.js';

/** What a second try needs. Bodies can be megabytes, so it is emptied once there is a response. */
interface Unanswered {
  body: TransportRequest['body'];
}

/**
 * An exchange over HTTP/1.1.
 * @param open sends the head of the request; over a new connection where that is asked for.
 */
export function exchangeOverHttp1(
  open: (isFresh: boolean) => ClientRequest,
  unanswered: Unanswered,
  target: Target,
  isFresh = false,
): Promise<TransportResponse> {
  const { proxy, signal } = target;
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const sent = open(isFresh);
    let body: ReadableBody | undefined;
    const abort = (): void => {
      sent.destroy();
      // A request that waits for a tunnel has no socket, and says nothing of its end.
      reject(signal.reason);
    };
    signal.addEventListener('abort', abort, { once: true });
    // Not `once`, which wraps its listeners: none of these happens twice.
    sent.on('close', () => signal.removeEventListener('abort', abort));
    sent.on('response', (message) => {
      unanswered.body = undefined;
      if (proxy !== undefined && message.statusCode === 407) {
        message.destroy();
        const { host } = new URL(target.url);
        return reject(proxy.refusal(host, message.statusCode, message.statusMessage ?? ''));
      }
      // In this turn: a failure that arrives with the headers must find someone who keeps what came first.
      body = new ReadableBody({
        stream: message,
        close: () => void message.destroy(),
        describe: (error) => throughProxy(error, target, 'idle'),
      });
      const head = headOf(message);
      // `fetch` decodes content by itself. We never ask for codings, but some proxies send them.
      resolve({ head, body: decodedBody(body, head.header('content-encoding')) });
    });
    // Without a listener nothing would be heard of a 101.
    sent.on('upgrade', (message, socket) => {
      socket.destroy();
      resolve({ head: headOf(message), body: NO_BODY });
    });
    // Never removed: a connection can fail at any time, and an unhandled error would end the process.
    sent.on('error', (error) => {
      if (signal.aborted) return reject(signal.reason);
      // The server closed a kept connection while we wrote to it: nothing was processed. See
      // `request.reusedSocket` in Node's documentation. The others may be as dead.
      const isStale = !isFresh && sent.reusedSocket && isReset(error);
      if (body !== undefined) body.fail(error);
      else if (isStale) exchangeOverHttp1(open, unanswered, target, true).then(resolve, reject);
      else reject(throughProxy(error, target, 'response'));
    });
    sent.end(unanswered.body);
  });
}

function headOf({ statusCode = 0, statusMessage = '', rawHeaders }: IncomingMessage): ResponseHead {
  return new NodeHead(statusCode, statusMessage, rawHeaders);
}

function isReset(error: Error): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ECONNRESET' || code === 'EPIPE';
}
