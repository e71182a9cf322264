import { Agent } from 'node:http';
import { type AddressInfo, createServer, Socket } from 'node:net';
import type { ClientOptions } from '../../src/options.js';
import { sse } from '../contract/wire.js';
import { deferred, rawServer } from '../support/raw-server.js';
import type { Cell } from './expected.js';
import { dripped, FAULTS, type Fault, NOISE } from './faults.js';
import { PLACES } from './places.js';
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

export function faultyServer(cell: Cell, time: VirtualTime): Promise<FaultyServer> {
  const fault: Fault = FAULTS[cell.fault];
  if (cell.place === 'no connect') return refusing();
  if (cell.place === 'no headers' && fault.head === undefined) return headless(cell, time);
  return withHeaders(cell, fault, time);
}

/** An address without a server. */
async function refusing(): Promise<FaultyServer> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return {
    url: `http://127.0.0.1:${port}`,
    requests: () => undefined,
    left: async () => {},
    [Symbol.asyncDispose]: async () => {},
  };
}

/** For the client: connections that are never made. A dead host on loopback would answer. */
export const NOWHERE: Readonly<Record<'node:http' | 'fetch', ClientOptions>> = {
  'node:http': {
    agent: Object.assign(new Agent(), {
      createConnection: () => Object.assign(new Socket(), { connecting: true }),
    }),
  },
  fetch: {
    fetch: (_, { signal }) =>
      new Promise((_, reject) =>
        signal?.addEventListener('abort', () => reject(signal.reason), { once: true }),
      ),
  },
};

async function withHeaders(
  { place }: Cell,
  { head, rest, end }: Fault,
  time: VirtualTime,
): Promise<FaultyServer> {
  async function* body(): AsyncGenerator<string | Uint8Array> {
    if (head === undefined) {
      yield sse(...(PLACES[place].events ?? []));
      await time.sleep(LATER_MS);
    }
    yield* rest(time);
  }
  const server = await rawServer(() => ({ ...head, body: body(), end }));
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
