import type { Agent, ClientRequest, IncomingMessage } from 'node:http';
import type { Poll, Wake } from '../pull/poll.js';
import { closeIdle, httpModule, sharedAgent } from './agents.js';
import { connectionError } from './connection-error.js';
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
import type { HttpProxy } from './proxy/http-proxy.js';
import { ReadAhead } from './read-ahead.js';

export { proxyFor } from './proxy/proxy-for.js';

/**
 * The transport for Node: `node:http` costs half the CPU of `fetch` for many slow streams, and has
 * no hidden timeouts.
 * @param agent used for every request. Default: millrace's shared keep-alive agents, without a socket
 *   limit.
 * @param proxyURL of a proxy for every request, as of `proxyFor`.
 */
export function defaultTransport(agent?: object, proxyURL?: string): Transport {
  const transport: Transport = async (request, signal) => {
    const { url, method, headers } = request;
    const http = await httpModule(url);
    const proxy = proxyURL === undefined ? undefined : await loadProxy(proxyURL);
    const used = (agent as Agent | undefined) ?? sharedAgent(url, http, proxy);
    const open = (isFresh: boolean): ClientRequest => {
      if (isFresh) closeIdle(url, [used]);
      const proxied = proxy?.options(url, headers, signal);
      return http.request(url, { method, headers, agent: used, ...proxied });
    };
    const target = { url, proxy, signal };
    return exchange(open, { body: request.body }, target, request.isFresh);
  };
  if (agent === undefined) transport.closeIdle = (baseURL) => closeIdle(baseURL);
  return transport;
}

const loadProxy = async (url: string): Promise<HttpProxy> =>
  new (await import('./proxy/http-proxy.js')).HttpProxy(url);

/** What a second try needs. Bodies can be megabytes, so it is emptied once there is a response. */
interface Unanswered {
  body: TransportRequest['body'];
}

/** Where a request goes, and what ends it. */
interface Target {
  url: string;
  proxy: HttpProxy | undefined;
  signal: AbortSignal;
}

/** @param open sends the head of the request; over a new connection where that is asked for. */
function exchange(
  open: (isFresh: boolean) => ClientRequest,
  unanswered: Unanswered,
  target: Target,
  isFresh = false,
): Promise<TransportResponse> {
  const { proxy, signal } = target;
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const sent = open(isFresh);
    let body: NodeBody | undefined;
    const abort = (): void => {
      sent.destroy();
      // A request that waits for a tunnel has no socket, and says nothing of its end.
      reject(signal.reason);
    };
    signal.addEventListener('abort', abort, { once: true });
    sent.once('close', () => signal.removeEventListener('abort', abort));
    sent.once('response', (message) => {
      unanswered.body = undefined;
      if (proxy !== undefined && message.statusCode === 407) {
        message.destroy();
        const { host } = new URL(target.url);
        return reject(proxy.refusal(host, message.statusCode, message.statusMessage ?? ''));
      }
      // In this turn: a failure that arrives with the headers must find someone who keeps what came first.
      body = new NodeBody(message, (error) => throughProxy(error, target, 'idle'));
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
      const isStale = !isFresh && sent.reusedSocket && isReset(error);
      if (body !== undefined) body.fail(error);
      else if (isStale) exchange(open, unanswered, target, true).then(resolve, reject);
      else reject(throughProxy(error, target, 'response'));
    });
    sent.end(unanswered.body);
  });
}

/** A failure, with the name of the proxy that was on the way. */
function throughProxy(error: unknown, { url, proxy }: Target, phase: 'response' | 'idle'): unknown {
  return proxy === undefined ? error : connectionError(error, { phase, url, proxy: proxy.name });
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

  readonly #describe: (error: unknown) => unknown;

  /** @param describe what a failure is thrown as. */
  constructor(message: IncomingMessage, describe: (error: unknown) => unknown) {
    this.#message = message;
    this.#describe = describe;
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
    this.#ahead.fail(this.#describe(error));
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
