import { once } from 'node:events';
import { Agent } from 'node:http';
import type { ServerHttp2Stream } from 'node:http2';
import { type AddressInfo, createServer, Socket } from 'node:net';
import tls from 'node:tls';
import type { ClientOptions } from '../../src/options.js';
import { sse } from '../contract/wire.js';
import { CERTIFICATE } from '../support/certificate.js';
import { deferred } from '../support/deferred.js';
import { type Connection, http2Server } from '../support/http2-server.js';
import { rawServer } from '../support/raw-server.js';
import type { Cell } from './expected.js';
import { dripped, FAULTS, type Fault, NOISE } from './faults.js';
import { PLACES } from './places.js';
import { TRANSPORTS } from './setting.js';
import type { VirtualTime } from './virtual-time.js';

/**
 * A server with one cell's fault, the same for every request. By hand: most of it is no HTTP, and it
 * tells when each connection was closed.
 */
export interface FaultyServer extends AsyncDisposable {
  url: string;
  /** How many requests it got; undefined where it cannot get any. */
  requests: () => number | undefined;
  /** Resolves when the client has closed every connection that the server does not end. */
  left: () => Promise<unknown>;
}

/** What happens happens this long after the place was reached: by then the client has all of it. */
const LATER_MS = 1_000;

export function faultyServer(
  cell: Cell,
  time: VirtualTime,
  protocol: 'http' | 'h2' = 'http',
): Promise<FaultyServer> {
  const fault: Fault = FAULTS[cell.fault];
  if (cell.place === 'no connect') return refusing(protocol);
  if (cell.place !== 'no headers' || fault.head !== undefined) {
    return withHeaders(cell, fault, time, protocol);
  }
  return protocol === 'http' ? headless(cell, time) : headlessStreams(cell, time);
}

/** An address without a server. */
async function refusing(protocol: 'http' | 'h2'): Promise<FaultyServer> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return {
    url: `${protocol === 'h2' ? 'https' : 'http'}://127.0.0.1:${port}`,
    requests: () => undefined,
    left: async () => {},
    [Symbol.asyncDispose]: async () => {},
  };
}

/** For the client: connections that are never made. A dead host on loopback would answer. */
export const NOWHERE: Readonly<Record<keyof typeof TRANSPORTS, ClientOptions>> = {
  'node:http': {
    agent: Object.assign(new Agent(), {
      createConnection: () => Object.assign(new Socket(), { connecting: true }),
    }),
  },
  'node:http2': { ...TRANSPORTS['node:http2'], baseURL: await mute() },
  fetch: {
    fetch: (_, { signal }) =>
      new Promise((_, reject) =>
        signal?.addEventListener('abort', () => reject(signal.reason), { once: true }),
      ),
  },
};

/** The address of a server that says nothing: no TLS comes about. */
async function mute(): Promise<string> {
  const server = createServer((socket) => void socket.on('error', () => {}).resume());
  await once(server.listen(0, '127.0.0.1').unref(), 'listening');
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function withHeaders(
  { place }: Cell,
  { head, rest, end }: Fault,
  time: VirtualTime,
  protocol: 'http' | 'h2',
): Promise<FaultyServer> {
  async function* body(): AsyncGenerator<string | Uint8Array> {
    if (head === undefined) {
      yield sse(...(PLACES[place].events ?? []));
      await time.sleep(LATER_MS);
    }
    yield* rest(time);
  }
  const server = await rawServer(() => ({ ...head, body: body(), end }), { protocol });
  return {
    url: server.url,
    requests: () => server.exchanges.length,
    left: async () => {
      if (end === 'hang') await Promise.all(server.exchanges.map(({ left }) => left));
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

/** What can be done in place of headers. */
const headlessly: Partial<
  Record<Cell['fault'], (socket: Socket, time: VirtualTime) => Promise<void>>
> = {
  silence: async () => {},
  drip: async (socket, time) => {
    for (const byte of dripped('HTTP/1.1 200 OK\r\nx-drip: ')) {
      await time.sleep(10_000);
      if (socket.destroyed) return;
      socket.write(byte);
    }
  },
  'clean end': async (socket, time) => {
    await time.sleep(LATER_MS);
    socket.end();
  },
  reset: async (socket, time) => {
    await time.sleep(LATER_MS);
    socket.resetAndDestroy();
  },
  noise: async (socket, time) => {
    await time.sleep(LATER_MS);
    socket.end(NOISE);
  },
};

async function headless({ fault }: Cell, time: VirtualTime): Promise<FaultyServer> {
  const closed: Promise<void>[] = [];
  let requests = 0;
  const server = createServer((socket) => {
    socket.on('error', () => {}); // The client may reset.
    // Not every connection brings a request: the `fetch` of Node opens one in reserve.
    socket.once('data', () => {
      requests++;
      const close = deferred();
      closed.push(close.promise);
      socket.once('close', () => close.resolve());
      void headlessly[fault]?.(socket, time);
      socket.resume();
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: () => requests,
    left: () => Promise.all(closed),
    [Symbol.asyncDispose]: async () => void server.close(),
  };
}

/** What can be done in place of the headers of a stream, by HTTP/2 and below it. */
const headlesslyInStreams: Partial<
  Record<Cell['fault'], (connection: Connection, time: VirtualTime) => Promise<void>>
> = {
  silence: async () => {},
  drip: async ({ streams }, time) => {
    const stream = streams.at(-1) as ServerHttp2Stream;
    while (!stream.destroyed) {
      await time.sleep(10_000);
      if (!stream.destroyed) stream.additionalHeaders({ ':status': 103 });
    }
  },
  'clean end': async ({ socket }, time) => {
    await time.sleep(LATER_MS);
    socket.destroy();
  },
  reset: async ({ socket }, time) => {
    await time.sleep(LATER_MS);
    socket.resetAndDestroy();
  },
};

/** Agrees on HTTP/2, and speaks something else. */
async function noisy(time: VirtualTime): Promise<FaultyServer> {
  let requests = 0;
  const closed: Promise<void>[] = [];
  const server = tls.createServer({ ...CERTIFICATE, ALPNProtocols: ['h2'] }, async (socket) => {
    requests++;
    const close = deferred();
    closed.push(close.promise);
    socket.on('error', () => {}).resume();
    socket.once('close', () => close.resolve());
    await time.sleep(LATER_MS);
    socket.end(NOISE);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: () => requests,
    left: () => Promise.all(closed),
    [Symbol.asyncDispose]: async () => void server.close(),
  };
}

async function headlessStreams({ fault }: Cell, time: VirtualTime): Promise<FaultyServer> {
  if (fault === 'noise') return noisy(time);
  const closed: Promise<void>[] = [];
  const server = await http2Server((stream, _, connection) => {
    const close = deferred();
    closed.push(close.promise);
    stream.once('close', () => close.resolve());
    void headlesslyInStreams[fault]?.(connection, time);
  });
  return {
    url: server.url,
    requests: () => server.requests,
    left: () => Promise.all(closed),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
