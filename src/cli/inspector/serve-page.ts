import { randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { UsageError } from '../usage-error.js';
import type { Feed } from './feed.js';

/** The page on a port of this machine. */
export interface ServedPage {
  /** With the token, which is all that is needed to see the recordings. */
  readonly url: string;
  close(): Promise<void>;
}

const HOST = '127.0.0.1';

/**
 * Serves the page and the feed to this machine alone, and only with the token. A page of another site
 * can't read them: not by a name that it resolves to this address either, since the Host header must be the address.
 * @throws UsageError (rejects) if it can't listen.
 */
export async function servePage(page: string, feed: Feed, port: number): Promise<ServedPage> {
  const token = randomBytes(24).toString('base64url');
  const server = createServer((request, response) => {
    const { port } = server.address() as AddressInfo;
    const hosts = [`${HOST}:${port}`, `localhost:${port}`];
    if (!hosts.includes(request.headers.host ?? ''))
      return refuse(response, 421, 'wrong Host header');
    const url = new URL(request.url ?? '/', `http://${HOST}`);
    if (request.method !== 'GET') return refuse(response, 405, 'only GET');
    if (!isSame(url.searchParams.get('token') ?? '', token)) {
      return refuse(response, 403, 'open the address that millrace inspect has printed');
    }
    if (url.pathname === '/') return sendPage(response, page);
    if (url.pathname === '/events') return sendFeed(request, response, feed);
    return refuse(response, 404, 'not found');
  });
  server.listen(port, HOST);
  await once(server, 'listening').catch((error: Error) => {
    throw new UsageError(`can't listen on ${HOST}:${port}: ${error.message}`);
  });
  return {
    url: `http://${HOST}:${(server.address() as AddressInfo).port}/?token=${token}`,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function isSame(given: string, token: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(token)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** For all responses. The page has the rest of its policy in itself. */
const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

function refuse(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { ...HEADERS, 'content-type': 'text/plain; charset=utf-8' });
  response.end(`${text}\n`);
}

function sendPage(response: ServerResponse, page: string): void {
  response.writeHead(200, { ...HEADERS, 'content-type': 'text/html; charset=utf-8' });
  response.end(page);
}

function sendFeed(request: IncomingMessage, response: ServerResponse, feed: Feed): void {
  response.writeHead(200, { ...HEADERS, 'content-type': 'text/event-stream' });
  response.flushHeaders();
  const end = feed.listen((message) => response.write(`data: ${JSON.stringify(message)}\n\n`));
  request.on('close', end);
}
