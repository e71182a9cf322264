import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerResponse } from 'node:http2';
import type { AddressInfo, Server as NetServer, Socket } from 'node:net';
import { builtin } from '../model/builtin.js';
import { type Certificate, createCertificate } from './certificate.js';

/** Where and how to listen. */
export interface ListenOptions {
  port: number;
  host: string;
  tls: boolean | Certificate;
  maxStreams: number | undefined;
}

export type Outgoing = ServerResponse;
export type Handle = (incoming: IncomingMessage, outgoing: Outgoing) => void;

/** What listens, and the connections below its responses. */
export interface Listener {
  url: string;
  cert: string | undefined;
  /** Ends all connections and resolves when the port is free. */
  close(): Promise<void>;
  /** The TCP connection of a response. */
  connectionOf(outgoing: Outgoing): Connection;
}

export interface Connection {
  reset(): void;
  /** Nothing arrives any more, and nothing leaves. */
  silence(): void;
}

/** Enough for thousands of clients that connect at once; the system can allow fewer. */
const BACKLOG = 8192;

const OTHERWISE = 'serve() needs node:http: on this platform, pass emulator.fetch to the client';

/** @throws Error (rejects) if it can't listen. */
export function listen(handle: Handle, options: ListenOptions): Promise<Listener> {
  return options.tls === false ? listenPlainly(handle, options) : listenSecurely(handle, options);
}

async function listenPlainly(handle: Handle, { port, host }: ListenOptions): Promise<Listener> {
  const { createServer } = builtin('node:http', OTHERWISE);
  const server = createServer(handle);
  const address = await listening(server, port, host);
  return {
    url: toUrl('http', address),
    cert: undefined,
    connectionOf: ({ socket }) => ({
      reset: () => void socket?.resetAndDestroy(),
      // HTTP/1.1 has nothing to answer by itself.
      silence: () => {},
    }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/**
 * HTTP/2 and HTTP/1.1 over TLS, behind a relay of TCP: what happens below TLS, a reset or silence, can't be
 * reached from above.
 */
async function listenSecurely(handle: Handle, options: ListenOptions): Promise<Listener> {
  const { port, host, tls, maxStreams } = options;
  const { createSecureServer } = builtin('node:http2', OTHERWISE);
  const { connect, createServer } = builtin('node:net', OTHERWISE);
  const certificate = typeof tls === 'object' ? tls : createCertificate([host]);
  const settings = maxStreams === undefined ? {} : { maxConcurrentStreams: maxStreams };
  const { key, cert } = certificate;
  const server = createSecureServer({ key, cert, allowHTTP1: true, settings }, handle as never);
  server.on('sessionError', () => {}); // A client that leaves is no failure of the server.
  const ends = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    ends.add(socket);
    socket.once('close', () => ends.delete(socket));
  });
  const inside = await listening(server, 0, '127.0.0.1');
  /** By the port of the relay's own connection. */
  const pairs = new Map<number, Pair>();
  const relay = createServer((outer) => {
    const inner = connect(inside.port, '127.0.0.1', () => {
      const { localPort = 0 } = inner;
      pairs.set(localPort, { outer, inner });
      inner.once('close', () => pairs.delete(localPort));
      outer.pipe(inner).pipe(outer);
    });
    tie(outer, inner);
    tie(inner, outer);
  });
  const address = await listening(relay, port, host);
  return {
    url: toUrl('https', address),
    cert,
    connectionOf: (outgoing) => {
      const pair = pairs.get(socketOf(outgoing)?.remotePort ?? 0);
      return {
        reset: () => pair && afterRelay(pair, ({ outer }) => outer.resetAndDestroy()),
        silence: () => pair && afterRelay(pair, silence),
      };
    },
    close: async () => {
      for (const { outer, inner } of pairs.values()) {
        outer.destroy();
        inner.destroy();
      }
      for (const end of ends) end.destroy();
      await Promise.all([relay, server].map((one) => new Promise((done) => one.close(done))));
    },
  };
}

interface Pair {
  outer: Socket;
  inner: Socket;
}

function tie(one: Socket, other: Socket): void {
  one.setNoDelay(true);
  one.on('error', () => {});
  one.once('close', () => other.destroy());
}

/** Calls back once what the server has sent is passed on: nothing moves for some turns. */
function afterRelay(pair: Pair, callback: (pair: Pair) => void, still = 0, last = -1): void {
  const { outer, inner } = pair;
  if (still === STILL_TURNS || outer.destroyed) return void callback(pair);
  const { bytesRead } = inner;
  const isStill = bytesRead === last && outer.writableLength === 0;
  setImmediate(() => afterRelay(pair, callback, isStill ? still + 1 : 0, bytesRead));
}

const STILL_TURNS = 4;

function silence({ outer, inner }: Pair): void {
  outer.unpipe(inner).resume();
  inner.unpipe(outer).resume();
}

function socketOf(outgoing: Outgoing): { remotePort?: number | undefined } | undefined {
  const { stream } = outgoing as unknown as Partial<Http2ServerResponse>;
  return stream === undefined ? (outgoing.socket ?? undefined) : stream.session?.socket;
}

function listening(server: NetServer, port: number, host: string): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host, backlog: BACKLOG }, () => resolve(server.address() as AddressInfo));
  });
}

function toUrl(scheme: string, { address, family, port }: AddressInfo): string {
  return `${scheme}://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
