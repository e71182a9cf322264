import type { Agent, AgentOptions, ClientRequestArgs } from 'node:http';
import net, { type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import tls from 'node:tls';
import { APIConnectionError } from '../../errors.js';
import { isRetryable } from '../../retry-policy.js';
import type { CancelSignal } from '../cancellation.js';
import { CONNECT_OPTIONS } from '../connect-options.js';
import { openTunnel, type TunnelOptions } from './tunnel.js';

/** A proxy for HTTP, as requests and agents use it. Loaded on demand: few clients have one. */
export class HttpProxy {
  /** Without user name and password, for messages. */
  readonly name: string;
  readonly href: string;
  readonly #url: URL;
  readonly #headers: Record<string, string>;

  /** @param href as of `proxyFor`. */
  constructor(href: string) {
    this.href = href;
    this.#url = new URL(href);
    this.name = this.#url.origin;
    const pair = `${decoded(this.#url.username)}:${decoded(this.#url.password)}`;
    const authorization = `Basic ${Buffer.from(pair).toString('base64')}`;
    this.#headers = pair === ':' ? {} : { 'proxy-authorization': authorization };
  }

  /** What a request needs in its options, besides an agent of `agent()`. */
  options(
    url: string,
    headers: Readonly<Record<string, string>>,
    signal: CancelSignal,
  ): ClientRequestArgs {
    if (url.startsWith('https:')) return { headers, tunnelSignal: signal } as ClientRequestArgs;
    // In place of a path, a proxy takes the whole URL.
    return { headers: { ...headers, ...this.#headers }, path: url };
  }

  /**
   * An agent whose connections lead through the proxy. For https it is asked for a tunnel, in which TLS
   * reaches the server itself.
   * @param NodeAgent of `node:http` or `node:https`.
   */
  agent(
    NodeAgent: new (options: AgentOptions) => Agent,
    options: AgentOptions,
    isTunneled: boolean,
  ): Agent {
    const agent = new NodeAgent(options);
    const secure = agent.createConnection.bind(agent);
    agent.createConnection = isTunneled
      ? (options, callback) => {
          this.tunnel(options as TunnelOptions)
            .then((socket) => secure({ ...options, socket } as ClientRequestArgs))
            .then(
              (socket) => callback?.(null, socket as Duplex),
              (error) => callback?.(error, NOTHING),
            );
          return NOTHING;
        }
      : () => this.#connect();
    return agent;
  }

  /**
   * A connection to a server, for TLS.
   * @throws APIConnectionError where the proxy refuses, or what its connection failed with.
   */
  async tunnel(options: TunnelOptions): Promise<Socket> {
    const opened = await openTunnel(options, this.#headers, () => this.#connect());
    const { status, statusText, socket } = opened;
    if (status >= 200 && status < 300) return socket;
    socket.destroy();
    throw this.refusal(opened.target, status, statusText);
  }

  /**
   * The error for a request that the proxy doesn't pass on.
   * @param target host and port of the server.
   */
  refusal(target: string, status: number, statusText: string): APIConnectionError {
    const said = `HTTP ${status} ${statusText.slice(0, 100)}`.trimEnd();
    const hasPassword = 'proxy-authorization' in this.#headers;
    // tinyproxy answers 401 to a wrong password.
    const isUnauthorized = status === 407 || status === 401;
    const advice = isUnauthorized ? (hasPassword ? WRONG_PASSWORD : NO_PASSWORD) : '';
    return new APIConnectionError(
      `no connection to ${target} through the proxy ${this.name}: it refused with ${said}${advice}`,
      {},
      isRetryable(status),
    );
  }

  #connect(): Socket {
    const { hostname, port, protocol } = this.#url;
    const host = hostname.replace(/[[\]]/g, '');
    const isSecure = protocol === 'https:';
    const options = {
      host,
      port: Number(port || (isSecure ? 443 : 80)),
      keepAlive: true,
      ...CONNECT_OPTIONS,
    } as net.TcpNetConnectOpts;
    // The name of a certificate's owner is no address.
    const servername = net.isIP(host) === 0 ? host : '';
    return isSecure ? tls.connect({ ...options, servername }) : net.connect(options);
  }
}

/** An agent's way to say that the callback will get the connection. */
const NOTHING = undefined as unknown as Duplex;

const NO_PASSWORD =
  '. It wants a user name and a password: write them into its URL, as in http://user:password@host:port';
const WRONG_PASSWORD = '. It did not accept the user name and the password in its URL';

/** A part of a URL's user info. A bare percent sign stays one. */
function decoded(text: string): string {
  return text.replace(/(?:%[\da-f]{2})+/gi, (escapes) => {
    try {
      return decodeURIComponent(escapes);
    } catch {
      return escapes; // Not UTF-8.
    }
  });
}
