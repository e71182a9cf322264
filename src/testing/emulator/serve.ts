import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sleep } from '../time/clock.js';
import type { Exchange } from '../wire/exchange.js';
import type { Host } from '../wire/host.js';
import { playerOf } from '../wire/player.js';
import { corsHeaders, preflightHeaders } from './cors.js';

/** Options of `serve`. */
export interface ServeOptions {
  /** Default 0: any that is free. */
  port?: number | undefined;
  /** Default `127.0.0.1`. */
  host?: string | undefined;
}

/** A server on a socket. It listens until it is closed. */
export interface Server extends AsyncDisposable {
  /** For `baseURL`: without a slash at the end. */
  readonly url: string;
  /** Breaks off what is open and resolves when the port is free. Idempotent. */
  close(): Promise<void>;
}

/** Enough for thousands of clients that connect at once; the system may allow fewer. */
const BACKLOG = 8192;

/**
 * An emulator, or a recorder, behind a real HTTP server, for clients that are given an address. Node, Bun and Deno;
 * elsewhere give the client `emulator.fetch`.
 *
 * A slow reader slows its reply, and one that leaves ends it. A page of another origin may ask it as it may ask the
 * API: with the header that `dangerouslyAllowBrowser` sends.
 * @throws Error (rejects) when the port cannot be listened on, or there is no `node:http`.
 */
export async function serve(
  emulator: Pick<Host, 'handle'>,
  { port = 0, host = '127.0.0.1' }: ServeOptions = {},
): Promise<Server> {
  const { createServer } = await import('node:http').catch((cause) => {
    throw new Error('serve() needs node:http: without it, give the client emulator.fetch', {
      cause,
    });
  });
  const server = createServer((incoming, outgoing) => {
    pass(emulator, url, incoming, outgoing).catch((error) => {
      // There is no answer: a client that left knows, another sees its connection fail.
      outgoing.destroy(error);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host, backlog: BACKLOG }, resolve);
  });
  const url = urlOf(server.address() as AddressInfo);
  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closed ??= new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
    return closed;
  };
  return { url, close, [Symbol.asyncDispose]: close };
}

function urlOf({ address, family, port }: AddressInfo): string {
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

/** Hands a request to the emulator and plays its answer to the client, as fast as the client reads. */
async function pass(
  emulator: Pick<Host, 'handle'>,
  url: string,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const preflight = preflightHeaders(incoming);
  if (preflight !== undefined) {
    outgoing.writeHead(204, preflight).end();
    return;
  }
  const left = new AbortController();
  const room = wakeOn(outgoing);
  outgoing.once('close', () => left.abort());
  const request = new Request(url + incoming.url, {
    method: incoming.method ?? 'GET',
    headers: headersOf(incoming),
    body: await bodyOf(incoming),
  });
  const exchange = await emulator.handle(request, left.signal);
  const { delay, failure } = exchange.answer;
  if (delay !== undefined) await sleep(exchange.clock, delay, left.signal);
  if (failure === 'silent' || left.signal.aborted) return;
  if (failure !== undefined) return breakOff(exchange, outgoing);
  const { status, headers } = exchange.answer;
  outgoing.writeHead(status, { ...corsHeaders(incoming), ...headers });
  await send(exchange, outgoing, left.signal, room);
}

async function send(
  exchange: Exchange,
  outgoing: ServerResponse,
  left: AbortSignal,
  room: () => Promise<void>,
): Promise<void> {
  const player = playerOf(exchange.answer.steps, exchange.clock, left, () =>
    outgoing.flushHeaders(),
  );
  for (;;) {
    const taken = await player.next();
    if (left.aborted) return player.stop();
    if (typeof taken === 'object') {
      exchange.settle.sending(taken);
      if (!outgoing.write(taken.bytes)) await room();
    } else if (taken === 'complete') {
      outgoing.end(() => exchange.settle('complete'));
      return;
    } else {
      outgoing.flushHeaders();
      if (taken === 'hang') return;
      await flushed(outgoing);
      return breakOff(exchange, outgoing);
    }
  }
}

/** Resolves when the system has all that was written: a reset would drop it. */
function flushed(outgoing: ServerResponse): Promise<void> {
  if (outgoing.writableLength === 0 || outgoing.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    outgoing.once('close', resolve);
    outgoing.write('', () => resolve());
  });
}

function breakOff({ settle }: Exchange, { socket }: ServerResponse): void {
  settle('broken');
  socket?.resetAndDestroy();
}

/** One pair of listeners for the life of a response; each call waits for the next chance to write. */
function wakeOn(outgoing: ServerResponse): () => Promise<void> {
  let wake = (): void => {};
  outgoing.on('drain', () => wake());
  outgoing.on('close', () => wake());
  return () =>
    new Promise((resolve) => {
      wake = resolve;
    });
}

function headersOf({ rawHeaders }: IncomingMessage): [string, string][] {
  const headers: [string, string][] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    headers.push([rawHeaders[at] as string, rawHeaders[at + 1] as string]);
  }
  return headers;
}

/** Null for methods with which `fetch` allows no body. */
async function bodyOf(incoming: IncomingMessage): Promise<string | null> {
  const utf8 = new TextDecoder();
  let text = '';
  for await (const chunk of incoming) text += utf8.decode(chunk, { stream: true });
  text += utf8.decode();
  return incoming.method === 'GET' || incoming.method === 'HEAD' ? null : text;
}
