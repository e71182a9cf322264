import { isIP, type Socket } from 'node:net';
import tls, { type TLSSocket } from 'node:tls';
import type { CancelSignal } from '../cancellation.js';
import { CONNECT_OPTIONS } from '../connect-options.js';
import type { HttpProxy } from '../proxy/http-proxy.js';
import type { TlsOptions } from '../tls-options.js';

/** Where a connection leads, and how. */
export interface Route {
  host: string;
  port: number;
  tls: TlsOptions | undefined;
  proxy: HttpProxy | undefined;
}

/**
 * A TLS connection that speaks HTTP/2 where the server can, else HTTP/1.1: its `alpnProtocol` says which.
 * @throws the platform's error, or the signal's reason.
 */
export async function connectTls(
  { host, port, tls: options, proxy }: Route,
  signal: CancelSignal,
): Promise<TLSSocket> {
  const tunnel = await proxy?.tunnel({ host, port, tunnelSignal: signal });
  if (signal.aborted) tunnel?.destroy();
  signal.throwIfAborted();
  const socket = tls.connect({
    ...CONNECT_OPTIONS,
    ...(options as tls.ConnectionOptions | undefined),
    // The name of a certificate's owner is no address.
    servername: options?.servername ?? (isIP(host) === 0 ? host : ''),
    ALPNProtocols: ['h2', 'http/1.1'],
    host,
    port,
    ...(tunnel && { socket: tunnel }),
  });
  // Always: it can fail before what will use it listens, and an unhandled error would end the process.
  socket.on('error', () => {});
  socket.setKeepAlive(true, KEEP_ALIVE_MS);
  await secured(socket, signal);
  return socket;
}

const KEEP_ALIVE_MS = 1_000;

function secured(socket: Socket, signal: CancelSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      socket.destroy();
      reject(signal.reason);
    };
    const settled = (): void => {
      socket.off('error', fail);
      signal.removeEventListener('abort', abort);
    };
    const fail = (error: Error): void => {
      settled();
      reject(error);
    };
    signal.addEventListener('abort', abort, { once: true });
    socket.once('error', fail);
    socket.once('secureConnect', () => {
      settled();
      resolve();
    });
  });
}
