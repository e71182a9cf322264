import type { IncomingMessage, ServerResponse } from 'node:http';
import { ByteList } from '../../sse/byte-list.js';
import { toEmulatedError, toErrorBody } from '../model/error.js';
import { sleep } from '../time/clock.js';
import { announcesTooMuch, type Exchange, MAX_BODY_BYTES } from '../wire/exchange.js';
import type { Host } from '../wire/host.js';
import { createPlayer } from '../wire/player.js';
import { breakOff } from './break-off.js';
import type { Certificate } from './certificate.js';
import { type Listener, listen } from './listen.js';

/** Options of `serve`. */
export interface ServeOptions {
  /** Default 0: any free port. */
  port?: number | undefined;
  /** Default `127.0.0.1`. */
  host?: string | undefined;
  /**
   * Speaks HTTP/2 and HTTP/1.1 over TLS, as the client prefers: with a certificate that is made now, of `host`
   * and `localhost`, or with this one, in PEM. Default false: HTTP/1.1 in the clear.
   */
  tls?: boolean | Certificate | undefined;
  /** With `tls`: how many streams an HTTP/2 connection may have at once. Default: no limit. */
  maxStreams?: number | undefined;
}

/** An HTTP server. It listens until it is closed. */
export interface Server extends AsyncDisposable {
  /** For `baseURL`, without a slash at the end. */
  readonly url: string;
  /** The certificate of a server with `tls`, in PEM: for `new Anthropic({ tls: { ca: server.cert } })`. */
  readonly cert: string | undefined;
  /** Ends all connections and resolves when the port is free. Idempotent. */
  close(): Promise<void>;
}

/**
 * An emulator, or a recorder, behind a real HTTP server, for clients that take an address. Runs on Node, Bun and Deno;
 * elsewhere pass `emulator.fetch` to the client.
 *
 * A slow reader applies backpressure to its reply, and one that leaves ends it. A page of another origin can use it as
 * it can use the API: with the header that `dangerouslyAllowBrowser` sends.
 * @throws Error (rejects) if it can't listen on the port, or there is no `node:http`.
 */
export async function serve(
  emulator: Pick<Host, 'handle'>,
  { port = 0, host = '127.0.0.1', tls = false, maxStreams }: ServeOptions = {},
): Promise<Server> {
  const listener: Listener = await listen(
    (incoming, outgoing) => {
      respond(emulator, listener, incoming, outgoing).catch((error) => {
        // There is no answer. A client that is still connected sees its connection fail.
        outgoing.destroy(error);
      });
    },
    { port, host, tls, maxStreams },
  );
  const { url, cert } = listener;
  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closed ??= listener.close();
    return closed;
  };
  return { url, cert, close, [Symbol.asyncDispose]: close };
}

/** Passes a request to the emulator and sends its answer, as fast as the client reads. */
async function respond(
  emulator: Pick<Host, 'handle'>,
  listener: Listener,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const preflight = toPreflightHeaders(incoming);
  if (preflight !== undefined) {
    outgoing.writeHead(204, preflight).end();
    return;
  }
  const left = new AbortController();
  const drained = createDrain(outgoing);
  outgoing.once('close', () => left.abort());
  const request = await toRequest(listener.url, incoming);
  if (request === undefined) {
    const problem = `Invalid request: ${incoming.method} ${incoming.url}`;
    const error = toErrorBody(toEmulatedError('invalid_request_error', problem), 'req_invalid');
    outgoing.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify(error));
    return;
  }
  const exchange = await emulator.handle(request, left.signal);
  const { delay, failure } = exchange.answer;
  if (delay !== undefined) await sleep(exchange.clock, delay, left.signal);
  if (failure === 'silent' || left.signal.aborted) return;
  const broken = (kind: NonNullable<typeof failure>): void => {
    if (kind !== 'silence') exchange.settle('broken');
    breakOff(kind, outgoing, listener.connectionOf(outgoing));
  };
  if (failure !== undefined) return broken(failure);
  const { status, headers } = exchange.answer;
  outgoing.writeHead(status, { ...toCorsHeaders(incoming), ...headers });
  await send(exchange, outgoing, left.signal, drained, broken);
}

async function send(
  exchange: Exchange,
  outgoing: ServerResponse,
  left: AbortSignal,
  drained: () => Promise<void>,
  broken: (kind: 'reset' | 'reset-stream' | 'silence') => void,
): Promise<void> {
  const player = createPlayer(exchange.answer.steps, exchange.clock, left, () =>
    outgoing.flushHeaders(),
  );
  for (;;) {
    const taken = await player.next();
    if (left.aborted) return player.stop();
    if (typeof taken === 'object') {
      exchange.settle.sending(taken);
      if (!outgoing.write(taken.bytes)) await drained();
    } else if (taken === 'complete') {
      outgoing.end(() => exchange.settle('complete'));
      return;
    } else {
      outgoing.flushHeaders();
      if (taken === 'hang') return;
      await flush(outgoing);
      return broken(taken);
    }
  }
}

/** Resolves when the system has everything that was written: a reset would drop it. */
function flush(outgoing: ServerResponse): Promise<void> {
  if (outgoing.writableLength === 0 || outgoing.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    outgoing.once('close', resolve);
    outgoing.write('', () => resolve());
  });
}

/** One pair of listeners per response; each call waits until the response can be written again. */
function createDrain(outgoing: ServerResponse): () => Promise<void> {
  let wake = (): void => {};
  outgoing.on('drain', () => wake());
  outgoing.on('close', () => wake());
  return () =>
    new Promise((resolve) => {
      wake = resolve;
    });
}

function toHeaders({ rawHeaders }: IncomingMessage): [string, string][] {
  const headers: [string, string][] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] as string;
    // HTTP/2 has method, path and host among them.
    if (!name.startsWith(':')) headers.push([name, rawHeaders[at + 1] as string]);
  }
  return headers;
}

/** Undefined if no `Request` can have this method or target, such as `TRACE` or `*`. */
async function toRequest(url: string, incoming: IncomingMessage): Promise<Request | undefined> {
  const { method = 'GET', url: target = '/' } = incoming;
  const headers = new Headers(toHeaders(incoming));
  const body = announcesTooMuch(headers) ? new Uint8Array() : await readBody(incoming);
  const hasNoBody = method === 'GET' || method === 'HEAD';
  try {
    // A proxy is asked for a whole address. Two slashes at the start would be read as another host.
    const { pathname, search } = new URL(target.startsWith('/') ? url + target : target);
    return new Request(url + pathname + search, {
      method,
      headers,
      body: hasNoBody ? null : (body as BodyInit),
    });
  } catch {
    return undefined;
  }
}

/** Resolves as soon as there is more than the API accepts. The rest is read, but not kept. */
function readBody(incoming: IncomingMessage): Promise<Uint8Array> {
  const bytes = new ByteList();
  return new Promise((resolve, reject) => {
    const end = (): void => resolve(bytes.take());
    const add = (chunk: Uint8Array): void => {
      bytes.push(chunk);
      if (bytes.length <= MAX_BODY_BYTES) return;
      incoming.off('data', add).resume();
      end();
    };
    incoming.on('data', add);
    incoming.on('end', end);
    incoming.on('error', reject);
  });
}

/** The header by which a page accepts the risk; without it the API lets no page read its answers. */
const OPT_IN = 'anthropic-dangerous-direct-browser-access';

/** The CORS headers of the API's answers. */
function toCorsHeaders({ headers }: IncomingMessage): Record<string, string> {
  if (headers[OPT_IN] === undefined) return {};
  return { 'access-control-allow-origin': '*', 'access-control-expose-headers': '*' };
}

/** The answer to a browser's preflight request; undefined for other requests. */
function toPreflightHeaders({
  method,
  headers,
}: IncomingMessage): Record<string, string> | undefined {
  if (method !== 'OPTIONS' || headers['access-control-request-method'] === undefined) return;
  const requested = headers['access-control-request-headers']?.toString() ?? '';
  if (!requested.split(/, */).includes(OPT_IN)) return {};
  return {
    'access-control-allow-origin': '*',
    'access-control-allow-methods': 'GET, POST, DELETE',
    // One by one: `*` would leave out `authorization`.
    'access-control-allow-headers': requested,
  };
}
