import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import http, { Agent } from 'node:http';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Anthropic } from '../../src/client.js';
import type { ClientOptions } from '../../src/options.js';
import { closeIdle, limitIdle, loadHttpModule, sharedAgent } from '../../src/transport/agents.js';
import { sse, textMessage } from '../contract/wire.js';
import { PARAMS } from '../stream/support.js';
import { rawServer, SEEN } from '../support/raw-server.js';

afterEach(() => vi.restoreAllMocks());

/** What becomes of a connection that was kept, at its next request. */
const DEATHS: Readonly<Record<string, (socket: Socket) => void>> = {
  'a reset': (socket) => socket.resetAndDestroy(),
  'an end': (socket) => socket.end(),
  silence: () => {},
};

const EVENTS = sse(...textMessage('Hello'));
const RESPONSE = `HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: ${EVENTS.length}\r\n\r\n${EVENTS}`;

/** A server whose connections all die with `kill()`; new ones live. It holds its answers back until `n` requests wait. */
async function mortal(n: number, death: (socket: Socket) => void) {
  const sockets = new Set<Socket>();
  const log: string[] = [];
  let waiting: Socket[] = [];
  let generation = 0;
  const server = createServer((socket) => {
    const born = generation;
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('data', (data) => {
      if (!String(data).startsWith('POST')) return;
      log.push(born === generation ? 'answered' : 'dead');
      if (born !== generation) return death(socket);
      waiting.push(socket);
      if (generation === 0 && waiting.length < n) return;
      for (const each of waiting) each.write(RESPONSE);
      waiting = [];
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    log,
    kill: () => {
      generation++;
      log.length = 0;
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

const ask = (client: Anthropic): Promise<string> => client.messages.stream(PARAMS).getFinalText();
const clientOf = (baseURL: string, options: ClientOptions): Anthropic =>
  new Anthropic({ apiKey: 'key', baseURL, timeout: { response: 2_000 }, ...options });

describe.each([1, 2, 10, 25])('%i kept connections that died', (n) => {
  it.each([
    ['a reset', 0],
    ['an end', 0],
    ['silence', 1],
  ])('by %s cost one repeat: %i retries are enough', async (death, maxRetries) => {
    await using server = await mortal(n, DEATHS[death] as (socket: Socket) => void);
    const timeout = { response: death === 'silence' ? 300 : 2_000 };
    const client = clientOf(server.url, { maxRetries, timeout });
    await Promise.all(Array.from({ length: n }, () => ask(client)));
    server.kill();
    expect(await ask(client)).toBe('Hello');
    expect(server.log).toEqual(['dead', 'answered']);
  });

  it('all used at once cost one repeat each', async () => {
    await using server = await mortal(n, DEATHS['a reset'] as (socket: Socket) => void);
    const client = clientOf(server.url, { maxRetries: 0 });
    const all = (): Promise<string[]> => Promise.all(Array.from({ length: n }, () => ask(client)));
    await all();
    server.kill();
    expect(await all()).toEqual(Array.from({ length: n }, () => 'Hello'));
    expect(server.log.filter((each) => each === 'answered')).toHaveLength(n);
  });

  it('of an agent of your own as well', async () => {
    await using server = await mortal(n, DEATHS['a reset'] as (socket: Socket) => void);
    const agent = new Agent({ keepAlive: true });
    const client = clientOf(server.url, { maxRetries: 0, agent });
    await Promise.all(Array.from({ length: n }, () => ask(client)));
    server.kill();
    expect(await ask(client)).toBe('Hello');
    agent.destroy();
  });
});

it('an agent that keeps no list of its connections works, too', async () => {
  await using server = await rawServer([{ status: 'none', end: 'reset' }, { body: [EVENTS] }]);
  const inner = new Agent() as Agent & { addRequest: (...args: unknown[]) => void };
  const agent = { protocol: 'http:', addRequest: inner.addRequest.bind(inner) };
  expect(await ask(clientOf(server.url, { maxRetries: 1, agent }))).toBe('Hello');
});

it('an agent can lead to a Unix socket', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-'));
  const socketPath = join(folder, 'api.sock');
  const server = http.createServer((request, response) => {
    request.resume();
    response.writeHead(200, { 'content-type': 'text/event-stream' }).end(EVENTS);
  });
  await once(server.listen(socketPath), 'listening');
  const options = { keepAlive: true, socketPath };
  const agent = new Agent(options);
  try {
    const client = clientOf('http://localhost', { agent, maxRetries: 0 });
    expect([await ask(client), await ask(client)]).toEqual(['Hello', 'Hello']);
  } finally {
    agent.destroy();
    server.close();
    await rm(folder, { recursive: true });
  }
});

it('a retry after a timeout uses a new connection, one after a status the same', async () => {
  // The second try meets a status, which says nothing of the connection: the third may use it.
  await using server = await rawServer([
    { body: [EVENTS] },
    { status: 'none', end: 'hang' },
    { status: 529, headers: { 'retry-after-ms': '1' } },
    { body: [EVENTS] },
  ]);
  const client = clientOf(server.url, { maxRetries: 2, timeout: { response: 300 } });
  await ask(client);
  expect(await ask(client)).toBe('Hello');
  const [first, silent, refused, last] = server.exchanges.map(({ port }) => port);
  expect(silent).toBe(first);
  expect(refused).not.toBe(first);
  expect(last).toBe(refused);
});

it('a retry leaves the kept connections to other servers alone', async () => {
  await using other = await rawServer({ body: [EVENTS] });
  await using server = await rawServer([{ status: 'none', end: 'reset' }, { body: [EVENTS] }]);
  const client = clientOf(other.url, {});
  await ask(client);
  expect(await ask(clientOf(server.url, { maxRetries: 1 }))).toBe('Hello');
  await ask(client);
  const [before, after] = other.exchanges.map(({ port }) => port);
  expect(after).toBe(before);
});

it.each<[url: string, host: string, port: number, isClosed: boolean]>([
  ['http://a.test', 'a.test', 80, true],
  ['https://a.test/path', 'a.test', 443, true],
  ['http://a.test:8080', 'a.test', 8080, true],
  ['http://[::1]:8080', '::1', 8080, true],
  ['http://a.test', 'a.test', 8080, false],
  ['http://a.test', 'b.test', 80, false],
  ['http://a.test:80', 'a.test', 8080, false],
])('closing what is kept for %s: %s, port %i: %s', (url, host, port, isClosed) => {
  const destroy = vi.fn();
  const agent = new Agent();
  closeIdle(url, [{ freeSockets: { [agent.getName({ host, port })]: [{ destroy }] } }]);
  expect(destroy).toHaveBeenCalledTimes(isClosed ? 1 : 0);
});

it('what asks for the rest of a broken message uses a new connection', async () => {
  const half = sse(...textMessage('Hel', 'lo').slice(0, 3));
  await using server = await rawServer([
    { body: [EVENTS] },
    { body: [EVENTS] },
    { body: [half], end: 'reset' },
    { body: [EVENTS] },
  ]);
  const client = clientOf(server.url, { maxRetries: 0 });
  await Promise.all([ask(client), ask(client)]);
  await client.messages.stream(PARAMS, { recover: true }).untilDone();
  const [first, second, broken, rest] = server.exchanges.map(({ port }) => port);
  expect([first, second]).toContain(broken);
  expect([first, second]).not.toContain(rest);
});

describe('the shared agents', () => {
  it.each(['http://a.test', 'https://a.test'])('of %s connect with patience', async (url) => {
    const { options } = sharedAgent(url, await loadHttpModule(url)) as Agent & { options: object };
    expect(options).toMatchObject({ autoSelectFamilyAttemptTimeout: 4_000 });
  });

  it('limit how long a connection is idle, and not how long a response is silent', async () => {
    const headers = { connection: 'keep-alive', 'keep-alive': 'timeout=900' };
    await using server = await rawServer({
      body: [EVENTS.slice(0, 40), SEEN, EVENTS.slice(40)],
      headers,
    });
    const agent = sharedAgent(server.url, http);
    const limit = (sockets: Agent['sockets' | 'freeSockets']): unknown =>
      Object.entries(sockets)
        .filter(([name]) => name.includes(`:${server.port}:`))
        .map(([, sockets]) => sockets?.[0]?.timeout ?? 0);
    const client = clientOf(server.url, {});
    for (const _ of ['a new connection', 'a kept one']) {
      const stream = await client.messages.stream(PARAMS).connect();
      expect(limit(agent.sockets)).toEqual([0]);
      server.exchanges.at(-1)?.seen();
      await stream.untilDone();
      await vi.waitFor(() => expect(limit(agent.freeSockets)).toEqual([60_000]));
    }
    expect(new Set(server.exchanges.map(({ port }) => port)).size).toBe(1);
  });
});

describe('an agent with a limit', () => {
  const limited = (): Agent => {
    const agent = new http.Agent({ keepAlive: true });
    limitIdle(agent, 30);
    return agent;
  };

  it('drops a connection that was idle for too long', async () => {
    await using server = await rawServer({ body: [EVENTS] });
    const agent = limited();
    const client = clientOf(server.url, { agent });
    await ask(client);
    const [socket] = Object.values(agent.freeSockets)[0] ?? [];
    await once(socket as Socket, 'close');
    await ask(client);
    const [first, second] = server.exchanges;
    expect(second?.port).not.toBe(first?.port);
  });

  it('does not end a response that is silent for longer than that', async () => {
    await using server = await rawServer({
      body: (async function* () {
        yield EVENTS.slice(0, 40);
        await sleep(120);
        yield EVENTS.slice(40);
      })(),
    });
    const client = clientOf(server.url, { maxRetries: 0, agent: limited() });
    expect(await ask(client)).toBe('Hello');
  });
});

describe('what replaces http.request', () => {
  it.each(['before', 'after'])('%s the first request sees every request', async (when) => {
    await using server = await rawServer({ body: [EVENTS] });
    const client = clientOf(server.url, {});
    if (when === 'after') await ask(client);
    const spy = vi.spyOn(http, 'request');
    await ask(client);
    await ask(client);
    expect(spy).toHaveBeenCalledTimes(2);
    spy.mockRestore();
    await ask(client);
    expect(spy).not.toHaveBeenCalled();
  });
});
