import { type IncomingMessage, request as requestHttp, type ServerResponse } from 'node:http';
import { request as requestHttps } from 'node:https';

/** Headers between two hosts only. */
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'host',
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
  'te',
]);

/**
 * Sends a request on, and its response back, byte for byte: headers in their order and case, bodies as they are.
 * @param body where it was read already.
 */
export function passThrough(
  upstream: URL,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  body?: Uint8Array,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const url = addressOf(upstream, incoming.url);
    const send = url.protocol === 'https:' ? requestHttps : requestHttp;
    const headers = [...endToEnd(incoming.rawHeaders), 'host', url.host];
    const request = send(url, { method: incoming.method, headers, setHost: false });
    request.on('error', reject);
    request.on('response', (response) => {
      const status = response.statusCode ?? 502;
      outgoing.writeHead(status, response.statusMessage, endToEnd(response.rawHeaders));
      response.on('error', (error) => outgoing.destroy(error));
      response.pipe(outgoing);
    });
    outgoing.on('close', () => {
      request.destroy();
      resolve();
    });
    if (body === undefined) incoming.pipe(request);
    else request.end(body);
  });
}

/** The address of a path at the upstream, whose own path comes before it. */
export function addressOf(upstream: URL, path = '/'): URL {
  return new URL(upstream.pathname.replace(/\/$/, '') + path, upstream);
}

/** Names and values, one after the other, of the headers that are for the other end. */
export function endToEnd(raw: readonly string[]): string[] {
  const kept: string[] = [];
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const [name = '', value = ''] = raw.slice(index, index + 2);
    if (!HOP_BY_HOP.has(name.toLowerCase())) kept.push(name, value);
  }
  return kept;
}
