import type { Agent, ClientRequest, IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import type { Poll, Wake } from '../pull/poll.js';
import { closeAfterGrace } from './finish.js';
import type {
  ResponseBody,
  ResponseHead,
  Transport,
  TransportRequest,
  TransportResponse,
} from './port.js';
import { ReadAhead } from './read-ahead.js';

/**
 * The transport for Node: `node:http` costs half the CPU of `fetch` for many slow streams, and has
 * no hidden timeouts.
 * @param agent used for every request. Default: millrace's shared keep-alive agents, without a socket
 *   limit.
 */
export function defaultTransport(agent?: object): Transport {
  return async (request, signal) => {
    const { url, method, headers } = request;
    const { open, agent: shared } = await (url.startsWith('https:') ? https : http)();
    const options = { method, headers, agent: (agent as Agent | undefined) ?? shared };
    return exchange(() => open(url, options), request, signal);
  };
}

/** Loaded on demand; one agent for all clients, so a client made for one request reuses connections. */
const http = once(() => import('node:http').then(withAgent));
const https = once(() => import('node:https').then(withAgent));

function withAgent({
  request: open,
  Agent: KeepAlive,
}: Pick<typeof import('node:http'), 'request' | 'Agent'>): { open: typeof open; agent: Agent } {
  return { open, agent: new KeepAlive({ keepAlive: true }) };
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

function exchange(
  open: () => ClientRequest,
  request: TransportRequest,
  signal: AbortSignal,
  mayRepeat = true,
): Promise<TransportResponse> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const sent = open();
    let answered = false;
    const abort = (): void => void sent.destroy();
    signal.addEventListener('abort', abort, { once: true });
    sent.once('close', () => signal.removeEventListener('abort', abort));
    sent.once('response', (message) => {
      answered = true;
      receive(message).then(resolve, reject);
    });
    // Never removed: a connection can fail at any time, and an unhandled error would end the process.
    sent.on('error', (error) => {
      if (signal.aborted) return reject(signal.reason);
      // The server closed a kept connection while we wrote to it: nothing was processed. See
      // `request.reusedSocket` in Node's documentation.
      const stale = mayRepeat && sent.reusedSocket && isReset(error) && !answered;
      if (stale) exchange(open, request, signal, false).then(resolve, reject);
      else reject(error);
    });
    sent.end(request.body);
  });
}

async function receive(message: IncomingMessage): Promise<TransportResponse> {
  const body = await decoded(message);
  return { head: headOf(message), body: bodyOf(message, body) };
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

function bodyOf(message: IncomingMessage, body: Readable): ResponseBody {
  const ahead = new ReadAhead({ pause: () => body.pause(), resume: () => body.resume() });
  const failed = (error: unknown): void => {
    // What the stream still holds arrived before the failure, and would be dropped.
    for (let rest = body.read(); rest !== null; rest = body.read()) ahead.push(rest);
    ahead.fail(error);
  };
  body.on('data', (chunk: Uint8Array) => ahead.push(chunk));
  body.on('end', () => ahead.end());
  body.on('error', failed);
  body.on('close', () => {
    if (!ahead.closed) failed(new Error('the connection was closed'));
  });
  return new NodeBody(message, body, ahead);
}

class NodeBody implements ResponseBody {
  readonly #message: IncomingMessage;
  readonly #body: Readable;
  readonly #ahead: ReadAhead;

  constructor(message: IncomingMessage, body: Readable, ahead: ReadAhead) {
    this.#message = message;
    this.#body = body;
    this.#ahead = ahead;
  }

  read(wake: Wake): Poll<Uint8Array | null> {
    return this.#ahead.read(wake);
  }

  cancel(reason: unknown): void {
    this.#ahead.fail(reason);
    this.#message.destroy();
  }

  finish(): void {
    if (this.#ahead.closed) return;
    this.#body.once(
      'close',
      closeAfterGrace(() => void this.#message.destroy()),
    );
    this.#ahead.discard();
  }
}

/** `fetch` decodes content by itself; here we do. We never ask for encoded content, but some proxies send it. */
async function decoded(message: IncomingMessage): Promise<Readable> {
  const encoding = message.headers['content-encoding'];
  if (encoding === undefined || encoding === 'identity') return message;
  // Listens from now on: until the decoder is loaded, an error would have no listener.
  const failed = new Promise<Error>((resolve) => message.once('error', resolve));
  const { createBrotliDecompress, createUnzip, constants } = await import('node:zlib');
  const decoder =
    encoding === 'br'
      ? createBrotliDecompress({ flush: constants.BROTLI_OPERATION_FLUSH })
      : createUnzip({ flush: constants.Z_SYNC_FLUSH });
  void failed.then((error) => decoder.destroy(error));
  return message.pipe(decoder);
}

function isReset(error: Error): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ECONNRESET' || code === 'EPIPE';
}
