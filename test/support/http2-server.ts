import { once } from 'node:events';
import {
  createSecureServer,
  type SecureServerOptions,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { sse, textMessage } from '../contract/wire.js';
import { CERTIFICATE } from './certificate.js';

/** One connection that speaks HTTP/2, as its server sees it. */
export interface Connection {
  session: ServerHttp2Session;
  /** Below TLS. */
  socket: Socket;
  /** All streams so far. */
  streams: ServerHttp2Stream[];
  pings: number;
  isClosed: boolean;
}

export interface Http2Server extends AsyncDisposable {
  url: string;
  port: number;
  connections: Connection[];
  /** Of requests over HTTP/1.1: their paths. */
  http1: string[];
  /** How many TCP connections there were. */
  readonly sockets: number;
  /** How many streams there were. */
  readonly requests: number;
}

export type Play = (stream: ServerHttp2Stream, n: number, connection: Connection) => void;

export const HELLO: string = sse(...textMessage('Hello'));

/** Answers with a message. */
export const answer: Play = (stream) => {
  stream.respond({ ':status': 200, 'content-type': 'text/event-stream', 'request-id': 'req_1' });
  stream.end(HELLO);
};

/** A server over TLS whose streams do what a test says: the plays in turn, the last one again. */
export async function http2Server(
  plays: Play | readonly Play[] = answer,
  options: SecureServerOptions = {},
): Promise<Http2Server> {
  const list = typeof plays === 'function' ? [plays] : plays;
  const server = createSecureServer({ ...CERTIFICATE, allowHTTP1: true, ...options });
  const plain = new Map<number, Socket>();
  const open = new Set<Socket>();
  const connections: Connection[] = [];
  const http1: string[] = [];
  let requests = 0;
  let sockets = 0;
  server.on('connection', (socket: Socket) => {
    sockets++;
    open.add(socket);
    plain.set(socket.remotePort ?? 0, socket);
    socket.on('error', () => {});
    socket.once('close', () => open.delete(socket));
  });
  server.on('session', (session) => {
    const socket = plain.get(session.socket.remotePort ?? 0) as Socket;
    const connection: Connection = { session, socket, streams: [], pings: 0, isClosed: false };
    connections.push(connection);
    session.on('error', () => {});
    session.on('ping', () => connection.pings++);
    session.once('close', () => {
      connection.isClosed = true;
    });
    session.on('stream', (stream) => {
      stream.on('error', () => {});
      connection.streams.push(stream);
      const n = requests++;
      (list[Math.min(n, list.length - 1)] as Play)(stream, n, connection);
    });
  });
  server.on('request', (request, response) => {
    if (request.httpVersion === '2.0') return;
    http1.push(request.url);
    request.resume();
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(HELLO);
  });
  // Node answers streams itself where there is a listener of requests.
  server.removeAllListeners('stream');
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `https://127.0.0.1:${port}`,
    port,
    connections,
    http1,
    get sockets() {
      return sockets;
    },
    get requests() {
      return requests;
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of open) socket.destroy();
      server.close();
    },
  };
}
