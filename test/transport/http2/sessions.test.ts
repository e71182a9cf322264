import { once } from 'node:events';
import http2 from 'node:http2';
import https from 'node:https';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Anthropic } from '../../../src/client.js';
import type { ClientOptions } from '../../../src/options.js';
import { failure, PARAMS } from '../../stream/support.js';
import { CERTIFICATE } from '../../support/certificate.js';
import { deferred } from '../../support/deferred.js';
import { answer, HELLO, http2Server, type Play } from '../../support/http2-server.js';
import { proxyServer } from '../../support/proxy-server.js';
import {
  type Exchange,
  type Protocol,
  type RawServer,
  rawServer,
} from '../../support/raw-server.js';

afterEach(() => vi.restoreAllMocks());

const tls = { ca: CERTIFICATE.cert };
const clientOf = (baseURL: string, options: ClientOptions = {}): Anthropic =>
  new Anthropic({ apiKey: 'key', baseURL, maxRetries: 0, tls, ...options });
const ask = (client: Anthropic): Promise<string> => client.messages.stream(PARAMS).getFinalText();
const all = (client: Anthropic, n: number): Promise<string[]> =>
  Promise.all(Array.from({ length: n }, () => ask(client)));
const hellos = (n: number): string[] => Array.from({ length: n }, () => 'Hello');

/** Answers once so many streams wait: they are open at once. */
function together(n: number): Play {
  const waiting: (() => void)[] = [];
  return (...args) => {
    waiting.push(() => answer(...args));
    if (waiting.length === n) for (const go of waiting) go();
  };
}

describe('200 streams at once, before anything is known of the server,', () => {
  it.each<[string, ClientOptions, number, sockets: number]>([
    ['share two connections', {}, 1_000, 2],
    ['share as many as maxStreams says', { http2: { maxStreams: 50 } }, 1_000, 4],
    ['share as many as the server says', {}, 40, 5],
  ])('%s', async (_, options, maxConcurrentStreams, sockets) => {
    await using server = await http2Server(together(200), { settings: { maxConcurrentStreams } });
    expect(await all(clientOf(server.url, options), 200)).toEqual(hellos(200));
    expect(server.sockets).toBe(sockets);
    expect(Math.max(...server.connections.map(({ streams }) => streams.length))).toBe(
      Math.min(options.http2 ? 50 : 100, maxConcurrentStreams),
    );
  });
});

it('a server that allows one stream gets a connection for each', async () => {
  await using server = await http2Server(together(5), { settings: { maxConcurrentStreams: 1 } });
  expect(await all(clientOf(server.url), 5)).toEqual(hellos(5));
  expect(server.sockets).toBe(5);
});

it('a server that allows none gets one, until it does', async () => {
  await using server = await http2Server(answer, { settings: { maxConcurrentStreams: 0 } });
  const client = clientOf(server.url);
  const texts = all(client, 3);
  await vi.waitFor(() => expect(server.connections).toHaveLength(1));
  server.connections[0]?.session.settings({ maxConcurrentStreams: 10 });
  expect(await texts).toEqual(hellos(3));
  expect(server.sockets).toBe(1);
});

it('later requests use what is open', async () => {
  await using server = await http2Server();
  const client = clientOf(server.url);
  for (let n = 0; n < 3; n++) expect(await ask(client)).toBe('Hello');
  expect(await ask(clientOf(server.url))).toBe('Hello');
  expect(server.sockets).toBe(1);
});

describe('a server without HTTP/2', () => {
  const portsOf = ({ exchanges }: RawServer): number[] => exchanges.map(({ port }) => port);

  it('gets its requests over HTTP/1.1, the first over the connection that found out', async () => {
    const headers = { 'content-length': String(HELLO.length) };
    await using server = await rawServer({ headers, body: [HELLO] }, { protocol: 'https' });
    const client = clientOf(server.url);
    expect(await ask(client)).toBe('Hello');
    expect(await ask(client)).toBe('Hello');
    const [first, second] = portsOf(server);
    expect(second).toBe(first);
    expect(server.connections).toBe(1);
  });

  it('gets a burst over as many connections', async () => {
    await using server = await rawServer({ body: [HELLO] }, { protocol: 'https' });
    expect(await all(clientOf(server.url), 20)).toEqual(hellos(20));
    expect(new Set(portsOf(server)).size).toBe(20);
    expect(server.connections).toBe(20);
  });
});

describe('HTTP/1.1 is used', () => {
  it.each<[string, ClientOptions]>([
    ['http2: false', { http2: false }],
    ['an agent', { tls: undefined, agent: new https.Agent({ ca: CERTIFICATE.cert }) }],
    ['a host header', { defaultHeaders: { host: 'secure.test' } }],
    ['a header that is not ASCII', { defaultHeaders: { 'x-name': 'é' } }],
    ['a connection header', { defaultHeaders: { connection: 'close' } }],
  ])('with %s', async (_, options) => {
    await using server = await http2Server();
    expect(await ask(clientOf(server.url, options))).toBe('Hello');
    expect([server.requests, server.http1]).toEqual([0, ['/v1/messages']]);
  });

  it.each(['request', 'get'] as const)('while https.%s is replaced', async (name) => {
    await using server = await http2Server();
    const client = clientOf(server.url);
    await ask(client);
    const spy = vi.spyOn(https, name);
    await ask(client);
    expect([server.requests, server.http1.length]).toEqual([1, 1]);
    spy.mockRestore();
    await ask(client);
    expect([server.requests, server.http1.length]).toEqual([2, 1]);
  });
});

describe('TLS', () => {
  it('a server with an unknown certificate is refused for good', async () => {
    await using server = await http2Server();
    const error = await failure(ask(clientOf(server.url, { tls: undefined, maxRetries: 2 })));
    expect(error).toMatchObject({ name: 'APIConnectionError', retryable: false });
    expect(String(error)).toContain('NODE_EXTRA_CA_CERTS');
    expect(server.sockets).toBe(1);
  });

  it('the name in the certificate can be given', async () => {
    await using server = await http2Server();
    const wrong = clientOf(server.url, { tls: { ...tls, servername: 'other.test' } });
    expect(String(await failure(ask(wrong)))).toContain('ERR_TLS_CERT_ALTNAME_INVALID');
    expect(await ask(clientOf(server.url, { tls: { ...tls, servername: 'secure.test' } }))).toBe(
      'Hello',
    );
    expect(server.connections).toHaveLength(1);
  });

  it.each([true, false])('a client has a certificate of its own, http2: %s', async (http2) => {
    const { cert: ca, key, cert } = CERTIFICATE;
    await using server = await http2Server(answer, { ca, requestCert: true });
    const error = await failure(ask(clientOf(server.url, { http2 })));
    expect(error).toMatchObject({ name: 'APIConnectionError' });
    expect(await ask(clientOf(server.url, { http2, tls: { ca, key, cert } }))).toBe('Hello');
  });

  it('settings of equal content share connections', async () => {
    await using server = await http2Server();
    await ask(clientOf(server.url, { tls: { ...tls } }));
    await ask(clientOf(server.url, { tls: { ...tls, passphrase: undefined } }));
    await ask(clientOf(server.url, { tls: { ca: [CERTIFICATE.cert, CERTIFICATE.cert] } }));
    expect(server.sockets).toBe(2);
  });
});

describe('through a proxy', () => {
  it('many streams share a tunnel', async () => {
    await using server = await http2Server();
    await using proxy = await proxyServer(server.port);
    const client = clientOf('https://secure.test', { proxy: proxy.url });
    expect(await all(client, 5)).toEqual(hellos(5));
    expect(proxy.seen).toEqual(['CONNECT secure.test:443']);
    expect(server.requests).toBe(5);
  });

  it('what breaks says so', async () => {
    await using server = await http2Server((_, __, { socket }) => void socket.resetAndDestroy());
    await using proxy = await proxyServer(server.port);
    const error = await failure(ask(clientOf('https://secure.test', { proxy: proxy.url })));
    expect(String(error)).toContain(`to secure.test through the proxy ${proxy.url}`);
  });

  it('a refusal is told', async () => {
    await using proxy = await proxyServer(1, { refuses: '403 Forbidden' });
    const error = await failure(ask(clientOf('https://secure.test', { proxy: proxy.url })));
    expect(String(error)).toContain(`${proxy.url}: it refused with HTTP 403 Forbidden`);
  });
});

describe('an abort', () => {
  it('closes a connection that is not there yet', async () => {
    const arrived = deferred<Socket>();
    const silent = createServer(arrived.resolve).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const abort = new AbortController();
    const stream = clientOf(`https://127.0.0.1:${port}`).messages.stream(PARAMS, abort);
    const ended = failure(stream.untilDone());
    const closed = once((await arrived.promise).resume(), 'close');
    abort.abort();
    expect(await ended).toMatchObject({ name: 'APIUserAbortError' });
    await closed;
    silent.close();
  });

  it.each<[string, Play]>([
    ['before the headers', () => {}],
    [
      'in the body',
      (stream) => {
        stream.respond({ ':status': 200, 'content-type': 'text/event-stream' });
        stream.write(HELLO.slice(0, 100));
      },
    ],
  ])('%s ends the stream, and not the connection', async (_, play) => {
    const arrived = deferred();
    const code = deferred<number | undefined>();
    const first: Play = (stream, n, connection) => {
      stream.once('close', () => code.resolve(stream.rstCode));
      play(stream, n, connection);
      arrived.resolve();
    };
    await using server = await http2Server([first, answer]);
    const client = clientOf(server.url);
    const abort = new AbortController();
    const ended = failure(client.messages.stream(PARAMS, abort).untilDone());
    await arrived.promise;
    abort.abort();
    expect(await ended).toMatchObject({ name: 'APIUserAbortError' });
    expect(await code.promise).toBe(http2.constants.NGHTTP2_CANCEL);
    expect(await ask(client)).toBe('Hello');
    expect(server.sockets).toBe(1);
  });
});

it('close() closes idle connections', async () => {
  await using server = await http2Server();
  const client = clientOf(server.url);
  await ask(client);
  // The stream is complete a moment before it is closed.
  await vi.waitFor(() => {
    client.close();
    expect(server.connections[0]?.isClosed).toBe(true);
  });
});

it('sends what HTTP/1.1 sends', async () => {
  const sent = async (protocol: Protocol): Promise<unknown> => {
    await using server = await rawServer({ body: [HELLO] }, { protocol });
    const defaultHeaders = { 'x-text': 'a, b', 'x-empty': '' };
    const client = clientOf(server.url, { defaultHeaders, defaultQuery: { a: 'b c' } });
    await client.messages.stream({ ...PARAMS, system: 'ü€😀' }).untilDone();
    const { method, path, headers, body } = (await server.exchange()) as Exchange;
    const names = Object.keys(headers).filter((name) => /^[a-z]/.test(name));
    const fields = names.map((name) => [name, headers[name]]).sort();
    return { method, path, body, fields: fields.filter(([name]) => !OF_THE_VERSION.has(name)) };
  };
  expect(await sent('h2')).toEqual(await sent('https'));
});

const OF_THE_VERSION = new Set<unknown>(['host', 'connection']);

it('skips 1xx and trailers', async () => {
  await using server = await http2Server((stream) => {
    stream.additionalHeaders({ ':status': 103, link: '</a>' });
    stream.respond(
      { ':status': 200, 'content-type': 'text/event-stream' },
      { waitForTrailers: true },
    );
    stream.on('wantTrailers', () => stream.sendTrailers({ 'x-trailer': 'yes' }));
    stream.end(HELLO);
  });
  const stream = clientOf(server.url).messages.stream(PARAMS);
  expect(await stream.getFinalText()).toBe('Hello');
  const { status, headers } = await stream.response;
  expect([status, headers.get('link'), headers.get('x-trailer')]).toEqual([200, null, null]);
});

it('a response can come before the body has gone', async () => {
  await using server = await http2Server((stream) => {
    stream.respond({ ':status': 413, 'content-type': 'application/json' });
    stream.end('{"type":"error","error":{"type":"request_too_large","message":"no"}}');
  });
  const messages = [{ role: 'user' as const, content: 'x'.repeat(5_000_000) }];
  const stream = clientOf(server.url).messages.stream({ ...PARAMS, messages });
  expect(await failure(stream.untilDone())).toMatchObject({ name: 'RequestTooLargeError' });
});
