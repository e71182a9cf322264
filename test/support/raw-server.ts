import type { ServerResponse } from 'node:http';
import { createServer, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import {
  createSecureServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type ServerHttp2Session,
} from 'node:http2';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Server, Socket } from 'node:net';
import { type Script, SEEN } from '../contract/script.js';
import { CERTIFICATE } from './certificate.js';
import { deferred } from './deferred.js';

export { type Script, SEEN };

/** One request, and what became of its script. */
export interface Exchange {
  readonly method: string;
  readonly path: string;
  /** Such as `1.1`. */
  readonly httpVersion: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** The port on the client's side: the same for requests over one connection. */
  readonly port: number;
  /** Bytes of the response's body that the kernel has taken. */
  readonly accepted: number;
  /** Resolves when the script is played, its end included. */
  readonly played: Promise<void>;
  /** Resolves when the client has closed the connection before the script did. */
  readonly left: Promise<void>;
  /** Lets the script go on past `SEEN`. */
  seen(): void;
}

export interface RawServer extends AsyncDisposable {
  /** Where it listens, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  /** How many there have been. */
  readonly connections: number;
  /** Every request so far. */
  readonly exchanges: readonly Exchange[];
  /** The exchange number `n`, from 0, as soon as its request is there. */
  exchange(n?: number): Promise<Exchange>;
}

/**
 * A server on loopback that plays what it is told, byte for byte. By hand, where the emulator would do
 * less: it waits until the client has read (`SEEN`), counts what the kernel took, knows connections, and
 * as the oracle of the contract it shares no code with what it tests.
 * @param script one for all requests, one for each in turn (the last one stays), or a function.
 */
export async function rawServer(
  script: Script | readonly Script[] | ((exchange: Exchange, n: number) => Script),
  { port = 0, protocol = 'http' }: { port?: number; protocol?: Protocol } = {},
): Promise<RawServer> {
  const exchanges: Exchange[] = [];
  const awaited: { n: number; resolve: (exchange: Exchange) => void }[] = [];
  const { server, closeAll } = SERVERS[protocol](async (request, response) => {
    const exchange = new Play(request, await textOf(request), response);
    const n = exchanges.push(exchange) - 1;
    for (const { n: wanted, resolve } of awaited) if (wanted === n) resolve(exchange);
    await exchange.play(scriptFor(script, exchange, n));
  });
  let connections = 0;
  server.on('connection', () => connections++);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const address = server.address() as AddressInfo;
  return {
    url: `${protocol === 'http' ? 'http' : 'https'}://127.0.0.1:${address.port}`,
    port: address.port,
    get connections() {
      return connections;
    },
    exchanges,
    exchange: (n = 0) => {
      const there = exchanges[n];
      if (there !== undefined) return Promise.resolve(there);
      return new Promise((resolve) => awaited.push({ n, resolve }));
    },
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        closeAll();
      }),
  };
}

/** What a server speaks: HTTP/1.1 in the clear, over TLS, or HTTP/2 over TLS. */
export type Protocol = 'http' | 'https' | 'h2';

type Request = IncomingMessage | Http2ServerRequest;
type Response = ServerResponse | Http2ServerResponse;

const SERVERS: Readonly<
  Record<
    Protocol,
    (handle: (request: Request, response: Response) => void) => {
      server: Server;
      closeAll: () => void;
    }
  >
> = {
  http: (handle) => {
    const server = createServer(handle);
    return { server, closeAll: () => server.closeAllConnections() };
  },
  https: (handle) => {
    const server = createHttpsServer(CERTIFICATE, handle);
    server.on('connection', (socket: Socket) => {
      const { remotePort: port = 0 } = socket;
      plain.set(port, socket);
      socket.once('close', () => plain.delete(port));
    });
    return { server, closeAll: () => server.closeAllConnections() };
  },
  h2: (handle) => {
    // Also HTTP/1.1, for whoever speaks no HTTP/2.
    const server = createSecureServer({ ...CERTIFICATE, allowHTTP1: true }, handle);
    const sessions = new Set<ServerHttp2Session>();
    server.on('session', (session) => {
      sessions.add(session);
      session.on('error', () => {}); // A client that leaves is what many tests are about.
      session.once('close', () => sessions.delete(session));
    });
    const closeAll = (): void => {
      for (const session of sessions) session.destroy();
    };
    return { server, closeAll };
  },
};

function scriptFor(script: Parameters<typeof rawServer>[0], exchange: Exchange, n: number): Script {
  if (typeof script === 'function') return script(exchange, n);
  if (!Array.isArray(script)) return script as Script;
  return script[Math.min(n, script.length - 1)] as Script;
}

/** The connections below TLS, by the port on the client's side. */
const plain = new Map<number, Socket>();

/** TLS has no reset. */
function reset(socket: Socket): void {
  (plain.get(socket.remotePort ?? 0) ?? socket).resetAndDestroy();
}

class Play implements Exchange {
  readonly method: string;
  readonly path: string;
  readonly httpVersion: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly port: number;
  accepted = 0;
  readonly #response: Response;
  readonly #played = deferred();
  readonly #left = deferred();
  readonly #seen = deferred();
  #isOver = false;

  constructor(request: Request, body: string, response: Response) {
    this.method = request.method ?? '';
    this.path = request.url ?? '';
    this.httpVersion = request.httpVersion;
    this.headers = request.headers;
    this.body = body;
    this.port = request.socket.remotePort ?? 0;
    this.#response = response;
    response.on('error', () => {}); // A client that leaves is what many tests are about.
    response.on('close', () => {
      if (!this.#isOver) this.#left.resolve();
    });
  }

  get played(): Promise<void> {
    return this.#played.promise;
  }

  get left(): Promise<void> {
    return this.#left.promise;
  }

  seen(): void {
    this.#seen.resolve();
  }

  async play({ status = 200, headers, body = [], end = 'clean' }: Script): Promise<void> {
    if (status !== 'none') this.#head(status, { ...HEADERS, ...headers });
    for await (const piece of body) {
      if (piece === SEEN) await this.#seen.promise;
      else if (typeof piece === 'string' || piece instanceof Uint8Array) await this.#write(piece);
      if (this.#response.destroyed) return;
    }
    await this.#flushed();
    this.#end(end);
    this.#played.resolve();
  }

  #head(status: number, headers: Record<string, string | undefined>): void {
    const given = Object.entries(headers).filter(([, value]) => value !== undefined);
    const fields = Object.fromEntries(given) as Record<string, string>;
    if ('stream' in this.#response) {
      // HTTP/2 sends in one segment what is written in one turn.
      this.#response.writeHead(status, fields);
      (this.#response as unknown as ServerResponse).flushHeaders();
      return;
    }
    const socket = this.#response.socket as Socket;
    // One segment with the pieces that are there: who has the headers has these too.
    socket.cork();
    this.#response.writeHead(status, fields).flushHeaders();
    setImmediate(() => socket.uncork());
  }

  /** Resolves when there is room for more. */
  #write(piece: string | Uint8Array): Promise<unknown> | undefined {
    const bytes = Buffer.byteLength(piece);
    const written = (error?: Error | null): void => {
      if (!error) this.accepted += bytes;
    };
    const hasRoom = (this.#response as ServerResponse).write(piece, written);
    return hasRoom ? undefined : Promise.race([once(this.#response, 'drain'), this.left]);
  }

  /** Resolves when the kernel has all, or the client is gone. */
  async #flushed(): Promise<void> {
    if (this.#response.writableLength === 0) return;
    const response = this.#response as ServerResponse;
    const empty = new Promise<void>((resolve) => response.write('', () => resolve()));
    await Promise.race([empty, this.left]);
  }

  #end(end: NonNullable<Script['end']>): void {
    if (end === 'hang' || this.#response.destroyed) return;
    this.#isOver = true;
    if (end === 'clean') this.#response.end();
    else if ('stream' in this.#response) this.#response.stream.destroy(new Error('reset'));
    else reset(this.#response.socket as Socket);
  }
}

const HEADERS = { 'content-type': 'text/event-stream; charset=utf-8', 'request-id': 'req_test' };

function once(response: Response, name: string): Promise<void> {
  return new Promise((resolve) => response.once(name, () => resolve()));
}

async function textOf(request: Request): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
