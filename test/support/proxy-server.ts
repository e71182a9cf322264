import http from 'node:http';
import https from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { CERTIFICATE } from './certificate.js';

export interface ProxyOptions {
  /** Whether it is reached over TLS. */
  isSecure?: boolean;
  /** What `proxy-authorization` must be. */
  authorization?: string;
  /** What each request is refused with. */
  refuses?: string;
  /** Takes a request, and says nothing. */
  isSilent?: boolean;
}

export interface ProxyServer extends AsyncDisposable {
  url: string;
  port: number;
  /** Each request: method and target. */
  seen: string[];
  headers: http.IncomingHttpHeaders[];
  /** Connections that are open. */
  sockets: Set<Socket>;
}

/** An HTTP proxy that leads every name to this machine, where `ports` says: a name only it knows is enough. */
export async function proxyServer(
  port: number,
  { isSecure = false, authorization, refuses, isSilent }: ProxyOptions = {},
): Promise<ProxyServer> {
  const seen: string[] = [];
  const headers: http.IncomingHttpHeaders[] = [];
  const sockets = new Set<Socket>();
  const refusal = (request: http.IncomingMessage): string | undefined => {
    seen.push(`${request.method} ${request.url}`);
    headers.push(request.headers);
    const isKnown = request.headers['proxy-authorization'] === authorization;
    return isKnown ? refuses : '407 Proxy Authentication Required';
  };
  const server = isSecure ? https.createServer(CERTIFICATE) : http.createServer();
  server.on('request', (request, response) => {
    const refused = refusal(request);
    if (isSilent) return;
    if (refused !== undefined) return response.writeHead(Number.parseInt(refused, 10)).end(refused);
    const { pathname, search } = new URL(request.url ?? '');
    const options = { port, host: '127.0.0.1', path: pathname + search };
    const { method, headers } = request;
    const onward = http.request({ ...options, method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.on('error', () => response.destroy());
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  });
  server.on('connect', (request, socket) => {
    const refused = refusal(request);
    if (isSilent || refused !== undefined) {
      // The connection stays open: what leaves it has to close it.
      if (!isSilent) socket.write(`HTTP/1.1 ${refused}\r\ncontent-length: 0\r\n\r\n`);
      return socket.resume().once('end', () => socket.destroy());
    }
    const onward = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      socket.pipe(onward).pipe(socket);
    });
    onward.on('error', () => socket.destroy());
    socket.on('error', () => onward.destroy());
  });
  server.on(isSecure ? 'secureConnection' : 'connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address() as AddressInfo;
  return {
    url: `${isSecure ? 'https' : 'http'}://127.0.0.1:${address.port}`,
    port: address.port,
    seen,
    headers,
    sockets,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
