import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Emulator } from './emulator.js';

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
 * An emulator behind a real HTTP server, for clients that are given an address. Node, Bun and Deno;
 * elsewhere give the client `emulator.fetch`.
 *
 * A slow reader slows its reply, and one that leaves ends it.
 * @throws Error (rejects) when the port cannot be listened on, or there is no `node:http`.
 */
export async function serve(
  emulator: Pick<Emulator, 'fetch'>,
  { port = 0, host = '127.0.0.1' }: ServeOptions = {},
): Promise<Server> {
  const { createServer } = await import('node:http').catch((cause) => {
    throw new Error('serve() needs node:http: without it, give the client emulator.fetch', {
      cause,
    });
  });
  const server = createServer((incoming, outgoing) => {
    pass(emulator, url, incoming, outgoing).catch((error) => {
      // As a fetch would fail in its body, so the connection fails; a client that left knows.
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

/** Hands a request to the emulator and its response to the client, as fast as the client reads. */
async function pass(
  emulator: Pick<Emulator, 'fetch'>,
  url: string,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const left = new AbortController();
  const writable = wakeOn(outgoing);
  outgoing.once('close', () => left.abort(new Error('the client left')));
  const response = await emulator.fetch(url + incoming.url, {
    method: incoming.method ?? 'GET',
    headers: headersOf(incoming),
    body: await bodyOf(incoming),
    signal: left.signal,
  });
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  for await (const chunk of response.body ?? []) {
    if (!outgoing.write(chunk)) await writable();
  }
  outgoing.end();
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
