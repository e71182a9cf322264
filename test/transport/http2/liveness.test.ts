import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import tls, { type TLSSocket } from 'node:tls';
import { describe, expect, it, vi } from 'vitest';
import { Anthropic } from '../../../src/client.js';
import { APITimeoutError } from '../../../src/errors.js';
import type { ClientOptions } from '../../../src/options.js';
import type { CancelSignal } from '../../../src/transport/cancellation.js';
import { connectTls } from '../../../src/transport/http2/connect.js';
import { exchangeOverHttp2 } from '../../../src/transport/http2/exchange.js';
import { SessionPool } from '../../../src/transport/http2/pool.js';
import type { SessionLimits } from '../../../src/transport/http2/session.js';
import { failure, PARAMS } from '../../stream/support.js';
import { CERTIFICATE } from '../../support/certificate.js';
import {
  answer,
  HELLO,
  type Http2Server,
  http2Server,
  type Play,
} from '../../support/http2-server.js';

const trust = { ca: CERTIFICATE.cert };
const clientOf = (baseURL: string, options: ClientOptions = {}): Anthropic =>
  new Anthropic({ apiKey: 'key', baseURL, maxRetries: 0, tls: trust, ...options });
const ask = (client: Anthropic): Promise<string> => client.messages.stream(PARAMS).getFinalText();

const begin: Play = (stream) => {
  stream.respond({ ':status': 200, 'content-type': 'text/event-stream' });
  stream.write(HELLO.slice(0, 100));
};

describe('a retry after a response timeout', () => {
  it('uses another connection; the silent one gets a PING and no new stream', async () => {
    await using server = await http2Server([answer, () => {}, answer]);
    const client = clientOf(server.url, { maxRetries: 1, timeout: { response: 200 } });
    await ask(client);
    expect(await ask(client)).toBe('Hello');
    expect(await ask(client)).toBe('Hello');
    expect(server.connections.map(({ streams }) => streams.length)).toEqual([2, 2]);
    await vi.waitFor(() => expect(server.connections[0]?.pings).toBe(1));
  });

  it('leaves the other streams of the silent one alone', async () => {
    let finish = (): void => {};
    const held: Play = (stream, ...rest) => {
      begin(stream, ...rest);
      finish = () => void stream.end(HELLO.slice(100));
    };
    await using server = await http2Server([held, () => {}, answer]);
    const client = clientOf(server.url, { maxRetries: 1 });
    const first = client.messages.stream(PARAMS);
    await first.connect();
    const late = client.messages.stream(PARAMS, { timeout: { response: 200 } });
    expect(await late.getFinalText()).toBe('Hello');
    finish();
    expect(await first.getFinalText()).toBe('Hello');
    expect(server.connections.map(({ streams }) => streams.length)).toEqual([2, 1]);
  });

  it('does not wait for a connection that is being made', async () => {
    const sockets: CancelSignal[] = [];
    const connect = (signal: CancelSignal): Promise<TLSSocket> => {
      sockets.push(signal);
      return new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
      });
    };
    const pool = new SessionPool('https://a.test', connect, LIMITS);
    const [first, second] = [new AbortController(), new AbortController()];
    const waits = [failure(pool.acquire(first.signal)), failure(pool.acquire(second.signal))];
    expect(sockets).toHaveLength(1);
    first.abort(new APITimeoutError('late', 'response'));
    expect(sockets.map(({ aborted }) => aborted)).toEqual([false, false]);
    second.abort(new APITimeoutError('late', 'response'));
    expect(sockets.map(({ aborted }) => aborted)).toEqual([true, true]);
    await Promise.all(waits);
  });
});

const LIMITS: SessionLimits = {
  maxStreams: 2,
  idle: 60_000,
  age: 60_000,
  silence: 60_000,
  pong: 60_000,
};

/** A pool with a server's sessions, and one request over it. */
function poolOf(server: Pick<Http2Server, 'url' | 'port'>, limits: Partial<SessionLimits>) {
  const route = { host: '127.0.0.1', port: server.port, tls: trust, proxy: undefined };
  const connect = (signal: CancelSignal): Promise<TLSSocket> => connectTls(route, signal);
  const pool = new SessionPool(server.url, connect, { ...LIMITS, ...limits });
  const { signal } = new AbortController();
  const request = { method: 'POST', url: server.url, headers: {}, body: '{}' } as const;
  const target = { url: server.url, proxy: undefined, signal };
  const send = () => exchangeOverHttp2(pool, request, target);
  return { pool, send };
}

describe('a session', () => {
  it('that is silent is asked for a sign of life, and lives on with it', async () => {
    await using server = await http2Server([() => {}, answer]);
    const { send } = poolOf(server, { silence: 20 });
    send().catch(() => {}); // It ends with the server.
    await vi.waitFor(() => expect(server.connections[0]?.pings).toBeGreaterThan(1));
    expect(server.connections[0]?.isClosed).toBe(false);
    // One that is sent while the answer is on its way takes another session.
    await vi.waitFor(async () => {
      expect(await send()).toHaveProperty('head.status', 200);
      expect(server.connections[0]?.streams).toHaveLength(2);
    });
  });

  it('that gives none ends, and its streams with it', async () => {
    const mute = tls.createServer({ ...CERTIFICATE, ALPNProtocols: ['h2'] }, (socket) => {
      socket.on('error', () => {}).resume();
    });
    await once(mute.listen(0, '127.0.0.1'), 'listening');
    const { port } = mute.address() as AddressInfo;
    const { send } = poolOf({ url: `https://127.0.0.1:${port}`, port }, { silence: 20, pong: 30 });
    expect(String(await failure(send()))).toContain('no answer to a PING within 30 ms');
    mute.close();
  });

  it('without a stream is closed after a while', async () => {
    await using server = await http2Server();
    const { send } = poolOf(server, { idle: 20 });
    const { body } = (await send()) as { body: { finish: () => void } };
    body.finish();
    await vi.waitFor(() => expect(server.connections[0]?.isClosed).toBe(true));
    await send();
    expect(server.sockets).toBe(2);
  });

  it('that is old takes no new stream, and closes with its last one', async () => {
    let finish = (): void => {};
    const held: Play = (stream, ...rest) => {
      begin(stream, ...rest);
      finish = () => void stream.end();
    };
    await using server = await http2Server([held, answer]);
    const { send } = poolOf(server, { age: 30 });
    const { body } = (await send()) as { body: { finish: () => void } };
    body.finish();
    await sleep(40);
    await send();
    expect(server.connections.map(({ streams }) => streams.length)).toEqual([1, 1]);
    finish();
    await vi.waitFor(() => expect(server.connections[0]?.isClosed).toBe(true));
  });
});

it('a connection that failed has the others checked', async () => {
  const held: Play[] = [begin, begin, (_, __, { socket }) => void socket.resetAndDestroy(), answer];
  await using server = await http2Server(held);
  const { send } = poolOf(server, { maxStreams: 1 });
  await send();
  await send();
  expect(server.sockets).toBe(2);
  expect(await failure(send())).toBeInstanceOf(Error);
  await vi.waitFor(() => expect(server.connections.map(({ pings }) => pings)).toEqual([1, 1, 0]));
});
