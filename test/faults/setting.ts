import { Anthropic } from '../../src/client.js';
import type { ClientOptions } from '../../src/options.js';
import { CERTIFICATE } from '../support/certificate.js';
import { type RawServer, rawServer } from '../support/raw-server.js';
import { VirtualTime } from './virtual-time.js';

/** A client and a server that live in the same virtual time. */
export interface Setting extends AsyncDisposable {
  time: VirtualTime;
  server: RawServer;
  client: Anthropic;
}

/**
 * @param play what the server plays: as for `rawServer`.
 * @param options with `tls`, the server speaks HTTP/2.
 */
export async function setting(
  play: (time: VirtualTime) => Parameters<typeof rawServer>[0],
  options: ClientOptions = {},
): Promise<Setting> {
  const time = new VirtualTime();
  const server = await rawServer(play(time), { protocol: protocolOf(options) });
  const { clock } = time;
  const client = new Anthropic({ apiKey: 'key', baseURL: server.url, clock, ...options });
  return {
    time,
    server,
    client,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      time[Symbol.dispose]();
    },
  };
}

/** What a client with these options and its server speak. */
export function protocolOf({ tls }: ClientOptions): 'h2' | 'http' {
  return tls === undefined ? 'http' : 'h2';
}

/** Of a client on Node, without TLS. */
export const HTTP1_TRANSPORTS: Readonly<Record<'node:http' | 'fetch', ClientOptions>> = {
  'node:http': {},
  fetch: { fetch: (url, init) => fetch(url, init) },
};

/** The transports of a client on Node. */
export const TRANSPORTS: Readonly<Record<'node:http' | 'node:http2' | 'fetch', ClientOptions>> = {
  ...HTTP1_TRANSPORTS,
  'node:http2': { tls: { ca: CERTIFICATE.cert } },
};
