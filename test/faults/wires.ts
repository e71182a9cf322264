import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import tls from 'node:tls';

/** Both ends of one connection on loopback. */
interface Wire {
  client: Socket;
  server: Socket | undefined;
  /** The port on the client's side, once it is connected. */
  port: number | undefined;
}

/**
 * All connections within this process, both ends of them: whether something is on its way, and how
 * many there are at once.
 */
export class Wires implements Disposable {
  readonly #wires = new Set<Wire>();
  readonly #accepted = new Map<number, Socket>();
  #peak = 0;

  readonly #connectTls = tls.connect;

  constructor() {
    // A client of TLS announces itself nowhere.
    tls.connect = ((...args: Parameters<typeof tls.connect>) => {
      const socket = this.#connectTls(...args);
      this.#dialled({ socket });
      return socket;
    }) as typeof tls.connect;
    subscribe('net.client.socket', this.#dialled);
    subscribe('net.server.socket', this.#answered);
  }

  /** The most connections that servers have had at once. */
  get peak(): number {
    return this.#peak;
  }

  /** Whether each end has what the other has sent, its closing included. */
  get areStill(): boolean {
    return [...this.#wires].every(isStill);
  }

  /** Changes with every byte. */
  get bytes(): number {
    let sum = 0;
    for (const { client, server } of this.#wires) {
      const { received, sent } = countsOf(client);
      sum += received + sent + (server === undefined ? 0 : countsOf(server).sent);
    }
    return sum;
  }

  /** How many connections are open on either side. */
  get open(): number {
    return this.#wires.size;
  }

  [Symbol.dispose](): void {
    tls.connect = this.#connectTls;
    unsubscribe('net.client.socket', this.#dialled);
    unsubscribe('net.server.socket', this.#answered);
  }

  readonly #dialled = (message: unknown): void => {
    const { socket: client } = message as { socket: Socket };
    const wire: Wire = { client, server: undefined, port: undefined };
    this.#wires.add(wire);
    client.once('connect', () => {
      wire.port = client.localPort;
      wire.server = this.#accepted.get(wire.port ?? 0);
    });
    client.once('close', () => this.#drop(wire));
  };

  readonly #answered = (message: unknown): void => {
    const { socket: server } = message as { socket: Socket };
    const port = server.remotePort ?? 0;
    this.#accepted.set(port, server);
    this.#peak = Math.max(this.#peak, this.#accepted.size);
    const wire = [...this.#wires].find((wire) => wire.port === port);
    if (wire !== undefined) wire.server = server;
    server.once('close', () => {
      this.#accepted.delete(port);
      if (wire !== undefined) this.#drop(wire);
      for (const wire of this.#wires) if (wire.server === server) this.#drop(wire);
    });
  };

  #drop(wire: Wire): void {
    // A client that never connected has no other end.
    const isClosed = wire.client.destroyed && (wire.server?.destroyed ?? wire.port === undefined);
    if (isClosed) this.#wires.delete(wire);
  }
}

function isStill({ client, server }: Wire): boolean {
  if (server === undefined || client.destroyed || server.destroyed) return false;
  const [here, there] = [countsOf(client), countsOf(server)];
  return here.received === there.sent && there.received === here.sent;
}

interface Handle {
  bytesRead: number;
  bytesWritten: number;
  /** What TLS stands on. */
  _parent?: Handle;
}

/** Bytes on the wire: below TLS, which the sockets themselves don't count. */
function countsOf(socket: Socket): { received: number; sent: number } {
  const { _handle: handle } = socket as Socket & { _handle?: Handle | null };
  const { bytesRead: received, bytesWritten: sent } = handle?._parent ?? handle ?? socket;
  return { received, sent };
}
