import { Anthropic } from '../../src/client.js';
import type { ClientOptions } from '../../src/options.js';
import { type RawServer, rawServer } from '../support/raw-server.js';
import { VirtualTime } from './virtual-time.js';

/** A client and a server that live in the same virtual time. */
export interface Setting extends AsyncDisposable {
  time: VirtualTime;
  server: RawServer;
  client: Anthropic;
}

/** @param play what the server plays: as for `rawServer`. */
export async function setting(
  play: (time: VirtualTime) => Parameters<typeof rawServer>[0],
  options: ClientOptions = {},
): Promise<Setting> {
  const time = new VirtualTime();
  const server = await rawServer(play(time));
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

/** The transports of a client on Node. */
export const TRANSPORTS: Readonly<Record<'node:http' | 'fetch', ClientOptions>> = {
  'node:http': {},
  fetch: { fetch: (url, init) => fetch(url, init) },
};
