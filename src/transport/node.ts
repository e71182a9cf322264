import type { Agent, ClientRequest, IncomingMessage } from 'node:http';
import type { Poll, Wake } from '../pull/poll.js';
import { closeIdle, httpModule, sharedAgent } from './agents.js';
import { decodedBody } from './decoded-body.js';
import { closeAfterGrace } from './finish.js';
import {
  NO_BODY,
  type ResponseBody,
  type ResponseHead,
  type Transport,
  type TransportRequest,
  type TransportResponse,
} from './port.js';
import { ReadAhead } from './read-ahead.js';

/**
 * The transport for Node: `node:http` costs half the CPU of `fetch` for many slow streams, and has
 * no hidden timeouts.
 * @param agent used for every request. Default: millrace's shared keep-alive agents, without a socket
 *   limit.
 */
export function defaultTransport(agent?: object): Transport {
  const transport: Transport = async (request, signal) => {
    const { url, method, headers } = request;
    const http = await httpModule(url);
    const used = (agent as Agent | undefined) ?? sharedAgent(url, http);
    const open = (isFresh: boolean): ClientRequest => {
      if (isFresh) closeIdle(url, [used]);
      return http.request(url, { method, headers, agent: used });
    };
    return exchange(open, { body: request.body }, signal, request.isFresh);
  };
  if (agent === undefined) transport.closeIdle = (baseURL) => closeIdle(baseURL);
  return transport;
}

/** What a second try needs. Bodies can be megabytes, so it is emptied once there is a response. */
interface Unanswered {
  body: TransportRequest['body'];
}

/** @param open sends the head of the request; over a new connection where that is asked for. */
function exchange(
  open: (isFresh: boolean) => ClientRequest,
  unanswered: Unanswered,
  signal: AbortSignal,
  isFresh = false,
): Promise<TransportResponse> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const sent = open(isFresh);
    let body: NodeBody | undefined;
    const abort = (): void => void sent.destroy();
    signal.addEventListener('abort', abort, { once: true });
    sent.once('close', () => signal.removeEventListener('abort', abort));
    sent.once('response', (message) => {
      unanswered.body = undefined;
      // In this turn: a failure that arrives with the headers must find someone who keeps what came first.
      body = new NodeBody(message);
      resolve({ head: headOf(message), body: undoCodings(body, message) });
    });
    // Without a listener nothing would be heard of a 101.
    sent.once('upgrade', (message, socket) => {
      socket.destroy();
      resolve({ head: headOf(message), body: NO_BODY });
    });
    // Never removed: a connection can fail at any time, and an unhandled error would end the process.
    sent.on('error', (error) => {
      if (signal.aborted) return reject(signal.reason);
      // The server closed a kept connection while we wrote to it: nothing was processed. See
      // `request.reusedSocket` in Node's documentation. The others may be as dead.
      const isStale = sent.reusedSocket && isReset(error);
      if (body !== undefined) body.fail(error);
      else if (isStale) exchange(open, unanswered, signal, true).then(resolve, reject);
      else reject(error);
    });
    sent.end(unanswered.body);
  });
}

function headOf(message: IncomingMessage): ResponseHead {
  const { rawHeaders } = message;
  const fields = (): [string, string][] => {
    const pairs: [string, string][] = [];
    for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
      pairs.push([rawHeaders[i] as string, rawHeaders[i + 1] as string]);
    }
    return pairs;
  };
  return {
    status: message.statusCode ?? 0,
    statusText: message.statusMessage ?? '',
    header: (name) => message.headers[name]?.toString() ?? null,
    headers: () => new Headers(fields()),
    fields,
  };
}

/** `fetch` decodes content by itself; here we do. We never ask for it, but some proxies send it. */
function undoCodings(body: ResponseBody, { headers }: IncomingMessage): ResponseBody {
  return decodedBody(body, headers['content-encoding']);
}

class NodeBody implements ResponseBody {
  readonly #message: IncomingMessage;
  readonly #ahead: ReadAhead;

  constructor(message: IncomingMessage) {
    this.#message = message;
    const ahead = new ReadAhead({ pause: () => message.pause(), resume: () => message.resume() });
    this.#ahead = ahead;
    message.on('data', this.#push);
    message.on('end', () => ahead.end());
    message.on('error', (error) => this.fail(error));
    message.on('close', () => this.fail(new Error('the connection was closed')));
  }

  readonly #push = (chunk: Uint8Array): void => this.#ahead.push(chunk);

  read(wake: Wake): Poll<Uint8Array | null> {
    return this.#ahead.read(wake);
  }

  /** The connection failed. Only the first reason counts. */
  fail(error: unknown): void {
    if (this.#ahead.closed) return;
    const message = this.#message.off('data', this.#push);
    // What the stream still holds arrived before the failure, and would be dropped.
    for (let rest = message.read(); rest !== null; rest = message.read()) this.#ahead.push(rest);
    this.#ahead.fail(error);
  }

  cancel(reason: unknown): void {
    this.#ahead.fail(reason);
    this.#message.destroy();
  }

  finish(): void {
    if (this.#ahead.closed) return;
    this.#message.once(
      'close',
      closeAfterGrace(() => void this.#message.destroy()),
    );
    this.#ahead.discard();
  }
}

function isReset(error: Error): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ECONNRESET' || code === 'EPIPE';
}
