import type { Agent, ClientRequest, IncomingMessage } from 'node:http';
import type { Poll, Wake } from '../pull/poll.js';
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
    const { open, agent: shared } = await (url.startsWith('https:') ? https : http)();
    const options = { method, headers, agent: (agent as Agent | undefined) ?? shared };
    return exchange(() => open(url, options), { body: request.body }, signal);
  };
  if (agent === undefined) transport.closeIdle = closeIdle;
  return transport;
}

/** Other clients of the same host connect again. */
function closeIdle(baseURL: string): void {
  const name = `${new URL(baseURL).hostname.replace(/[[\]]/g, '')}:`;
  for (const { freeSockets } of sharedAgents) {
    for (const [key, sockets] of Object.entries(freeSockets)) {
      if (key.startsWith(name)) for (const socket of sockets ?? []) socket.destroy();
    }
  }
}

/** Loaded on demand; one agent for all clients, so a client made for one request reuses connections. */
const http = once(() => import('node:http').then(withAgent));
const https = once(() => import('node:https').then(withAgent));

function withAgent({
  request: open,
  Agent: KeepAlive,
}: Pick<typeof import('node:http'), 'request' | 'Agent'>): { open: typeof open; agent: Agent } {
  const agent = new KeepAlive({ keepAlive: true });
  sharedAgents.push(agent);
  return { open, agent };
}

const sharedAgents: Agent[] = [];

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** What a second try needs. Bodies can be megabytes, so it is emptied once there is a response. */
interface Unanswered {
  body: TransportRequest['body'];
}

function exchange(
  open: () => ClientRequest,
  unanswered: Unanswered,
  signal: AbortSignal,
  mayRepeat = true,
): Promise<TransportResponse> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const sent = open();
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
      // `request.reusedSocket` in Node's documentation.
      const stale = mayRepeat && sent.reusedSocket && isReset(error);
      if (body !== undefined) body.fail(error);
      else if (stale) exchange(open, unanswered, signal, false).then(resolve, reject);
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
