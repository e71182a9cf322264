import { ClientRequest } from 'node:http';
import type { Socket } from 'node:net';
import type { CancelSignal } from '../cancellation.js';

/** What an agent knows of a connection to make. */
export interface TunnelOptions {
  host: string;
  port: number;
  /** Ends the wait for the tunnel. */
  tunnelSignal?: CancelSignal;
}

/** What a proxy answered; with a status of 2xx the socket leads to the target. */
export interface Tunnel {
  target: string;
  status: number;
  statusText: string;
  socket: Socket;
}

/**
 * Asks a proxy for a connection to a server (CONNECT).
 * @param connect connects with the proxy.
 */
export function openTunnel(
  { host, port, tunnelSignal }: TunnelOptions,
  headers: Record<string, string>,
  connect: () => Socket,
): Promise<Tunnel> {
  const target = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  return new Promise((resolve, reject) => {
    // The class, not `request`: what replaces that looks for the requests to the API.
    const sent = new ClientRequest({
      method: 'CONNECT',
      path: target,
      headers: { host: target, 'proxy-connection': 'keep-alive', ...headers },
      createConnection: connect,
    });
    const abort = (): void => void sent.destroy();
    tunnelSignal?.addEventListener('abort', abort, { once: true });
    sent.once('close', () => tunnelSignal?.removeEventListener('abort', abort));
    sent.on('error', reject);
    sent.once('connect', ({ statusCode = 0, statusMessage = '' }, socket) => {
      resolve({ target, status: statusCode, statusText: statusMessage, socket });
    });
    sent.end();
  });
}
