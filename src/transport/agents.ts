import type { Agent, AgentOptions } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { CONNECT_OPTIONS } from './connect-options.js';
import type { HttpProxy } from './proxy/http-proxy.js';
import { tlsKey } from './tls-key.js';
import type { TlsOptions } from './tls-options.js';

type Protocol = 'http:' | 'https:';
export type HttpModule = Pick<typeof import('node:http'), 'Agent' | 'request'>;

/** How kept connections are held. */
const OPTIONS: AgentOptions = { keepAlive: true, ...CONNECT_OPTIONS };

/** Many networks forget a connection that is idle for longer, without telling its ends. In milliseconds. */
const IDLE_MS = 60_000;

/** Loaded on demand. */
const MODULES: Readonly<Record<Protocol, () => Promise<HttpModule>>> = {
  // The default export is what tools replace `request` on: msw, nock, tracers.
  'http:': () => import('node:http').then((module) => module.default),
  'https:': () => import('node:https').then((module) => module.default),
};

/** To ask Node again for each request would cost 30 µs in a young process. */
const loaded: Partial<Record<Protocol, HttpModule>> = {};

/** The module for a URL, if it is loaded. Its `request` is to be looked up at each call. */
export function httpModule(url: string): HttpModule | undefined {
  return loaded[protocolOf(url)];
}

export async function loadHttpModule(url: string): Promise<HttpModule> {
  const protocol = protocolOf(url);
  loaded[protocol] ??= await MODULES[protocol]();
  return loaded[protocol];
}

/** By protocol, proxy and TLS settings: of all clients, so that one made for one request reuses connections. */
const agents = new Map<string, Agent>();

export function sharedAgent(
  url: string,
  { Agent }: HttpModule,
  proxy?: HttpProxy,
  tls?: TlsOptions,
): Agent {
  const protocol = protocolOf(url);
  const key = `${protocol} ${proxy?.href ?? ''} ${tlsKey(tls)}`;
  const known = agents.get(key);
  if (known !== undefined) return known;
  const options = { ...OPTIONS, ...(tls as AgentOptions | undefined) };
  const agent = proxy?.agent(Agent, options, protocol === 'https:') ?? new Agent(options);
  limitIdle(agent, IDLE_MS);
  agents.set(key, agent);
  return agent;
}

/**
 * Has an agent close the connections that are idle for longer than `ms`, or than the server says. Node's own option
 * for it runs a timer while a connection is in use, too: to set that again for each chunk costs a slow stream 3 %.
 */
export function limitIdle(agent: Agent, ms: number): void {
  const { keepSocketAlive, reuseSocket } = agent;
  const { options } = agent as Agent & { options: AgentOptions };
  agent.keepSocketAlive = (socket) => {
    options.timeout = ms;
    try {
      return keepSocketAlive.call(agent, socket);
    } finally {
      options.timeout = undefined;
    }
  };
  agent.reuseSocket = (socket, request) => {
    (socket as Socket).setTimeout(0);
    reuseSocket.call(agent, socket, request);
  };
}

/**
 * Sends a request over a connection that is open already, which the agent keeps from then on.
 * @param open has the agent choose a connection.
 */
export function withSocket<T>(agent: Agent, socket: Duplex, open: () => T): T {
  const { createConnection } = agent;
  let isTaken = false;
  agent.createConnection = () => {
    isTaken = true;
    return socket;
  };
  try {
    return open();
  } finally {
    agent.createConnection = createConnection;
    // The agent had one that was free.
    if (!isTaken) socket.destroy();
  }
}

/** Closes the idle connections to a server, of the shared agents or of one. */
export function closeIdle(url: string, of: Iterable<object> = agents.values()): void {
  const { hostname, port, protocol } = new URL(url);
  const name = `${hostname.replace(/[[\]]/g, '')}:${port || PORTS[protocol as Protocol]}:`;
  for (const agent of of) {
    // Not every agent is one of Node's.
    const { freeSockets = {} } = agent as Partial<Agent>;
    for (const [key, sockets] of Object.entries(freeSockets)) {
      if (key.startsWith(name)) for (const socket of sockets ?? []) socket.destroy();
    }
  }
}

const PORTS: Readonly<Record<Protocol, number>> = { 'http:': 80, 'https:': 443 };

function protocolOf(url: string): Protocol {
  return url.startsWith('https:') ? 'https:' : 'http:';
}
