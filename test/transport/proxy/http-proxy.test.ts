import { once } from 'node:events';
import https from 'node:https';
import net, { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Anthropic } from '../../../src/client.js';
import { type AnthropicError, APIConnectionError, APITimeoutError } from '../../../src/errors.js';
import type { ClientOptions } from '../../../src/options.js';
import { sse, textMessage } from '../../contract/wire.js';
import { failure, PARAMS } from '../../stream/support.js';
import { CERTIFICATE } from '../../support/certificate.js';
import { type ProxyOptions, proxyServer } from '../../support/proxy-server.js';
import { rawServer } from '../../support/raw-server.js';

const EVENTS = sse(...textMessage('Hello'));
const PASSWORD = { authorization: `Basic ${Buffer.from('me:p@ß%').toString('base64')}` };

beforeEach(() => {
  for (const name of ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'REQUEST_METHOD']) {
    vi.stubEnv(name, '');
    vi.stubEnv(name.toLowerCase(), '');
  }
  // Read by Node at each connection; the certificates here are signed by themselves.
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
});
afterEach(() => vi.unstubAllEnvs());

/** A server over TLS, which only `proxyServer` knows as `secure.test`. */
async function secureServer(onRequest: (socket: Socket) => void = () => {}) {
  const ports = new Set<number>();
  const server = https.createServer(CERTIFICATE, (request, response) => {
    ports.add(request.socket.remotePort ?? 0);
    onRequest(request.socket);
    request.resume().on('end', () => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).end(EVENTS);
    });
  });
  server.on('secureConnection', (socket) => socket.on('error', () => {}));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    connections: ports,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

const clientOf = (baseURL: string, options: ClientOptions = {}): Anthropic =>
  new Anthropic({ apiKey: 'key', baseURL, maxRetries: 0, ...options });
const ask = (client: Anthropic): Promise<string> => client.messages.stream(PARAMS).getFinalText();
const errorOf = async (client: Anthropic): Promise<AnthropicError> =>
  (await failure(ask(client))) as AnthropicError;

describe.each<[string, ProxyOptions]>([
  ['http', {}],
  ['https', { isSecure: true }],
])('through a proxy over %s', (_, proxied) => {
  it('http targets are asked for by their whole URL', async () => {
    await using server = await rawServer({ body: [EVENTS] });
    await using proxy = await proxyServer(server.port, proxied);
    const client = clientOf('http://only-the-proxy-knows.test:9999/base', {
      proxy: proxy.url,
      defaultQuery: { a: 'b c' },
    });
    expect([await ask(client), await ask(client)]).toEqual(['Hello', 'Hello']);
    const url = 'http://only-the-proxy-knows.test:9999/base/v1/messages?a=b+c';
    expect(proxy.seen).toEqual([`POST ${url}`, `POST ${url}`]);
    expect(proxy.headers[0]?.host).toBe('only-the-proxy-knows.test:9999');
    expect(proxy.sockets.size).toBe(1);
    expect(server.exchanges[0]?.headers).not.toHaveProperty('proxy-authorization');
  });

  it('https targets are reached through a tunnel, which is kept', async () => {
    await using server = await secureServer();
    await using proxy = await proxyServer(server.port, proxied);
    const client = clientOf('https://secure.test', { proxy: proxy.url });
    expect([await ask(client), await ask(client)]).toEqual(['Hello', 'Hello']);
    expect(proxy.seen).toEqual(['CONNECT secure.test:443']);
    // As curl and Node ask for it: old proxies close the connection otherwise.
    const headers = { host: 'secure.test:443', 'proxy-connection': 'keep-alive' };
    expect(proxy.headers[0]).toEqual({ ...headers, connection: expect.any(String) });
    expect(server.connections.size).toBe(1);
    expect([await ask(client), ...(await Promise.all([ask(client), ask(client)]))]).toHaveLength(3);
    expect(proxy.seen.length).toBeLessThan(4);
  });

  it.each(['http://secure.test', 'https://secure.test'])(
    'user name and password are for the proxy, at %s',
    async (baseURL) => {
      await using server = await (baseURL.startsWith('https')
        ? secureServer()
        : rawServer({ body: [EVENTS] }));
      await using proxy = await proxyServer(server.port, { ...proxied, ...PASSWORD });
      const url = proxy.url.replace('//', '//me:p%40%C3%9F%25@');
      expect(await ask(clientOf(baseURL, { proxy: url }))).toBe('Hello');
      // A bare percent sign is no encoding.
      expect(await ask(clientOf(baseURL, { proxy: proxy.url.replace('//', '//me:p@ß%@') }))).toBe(
        'Hello',
      );
    },
  );

  it.each(['http://secure.test', 'https://secure.test'])(
    'a refusal for want of a password is final and says what to do, at %s',
    async (baseURL) => {
      await using proxy = await proxyServer(1, { ...proxied, ...PASSWORD });
      const none = await errorOf(clientOf(baseURL, { proxy: proxy.url, maxRetries: 2 }));
      expect(none).toBeInstanceOf(APIConnectionError);
      expect(none.message).toMatch(
        /^no connection to secure\.test(:443)? through the proxy https?:\/\/127\.0\.0\.1:\d+: it refused with HTTP 407 Proxy Authentication Required\. It wants a user name and a password/,
      );
      expect(none.retryable).toBe(false);
      expect(proxy.seen).toHaveLength(1);
      const wrong = await errorOf(
        clientOf(baseURL, { proxy: proxy.url.replace('//', '//me:hunter22@') }),
      );
      expect(wrong.message).toMatch(/It did not accept the user name and the password/);
      expect(wrong.message).not.toMatch(/hunter22/);
    },
  );

  it.each([
    ['403 Forbidden', false, 1],
    ['502 Bad Gateway', true, 2],
    ['503', true, 2],
  ])('a refused tunnel (%s) says so; retryable: %s', async (refuses, retryable, tries) => {
    await using proxy = await proxyServer(1, { ...proxied, refuses });
    const client = clientOf('https://secure.test', { proxy: proxy.url, maxRetries: 1 });
    const error = await errorOf(client);
    expect(error).toMatchObject({ name: 'APIConnectionError', retryable });
    expect(error.message).toContain(`the proxy ${proxy.url}: it refused with HTTP ${refuses}`);
    expect(proxy.seen).toHaveLength(tries);
    await vi.waitUntil(() => proxy.sockets.size === 0);
  });

  it('a tunnel that is refused with 401, as by tinyproxy, is refused for the password', async () => {
    await using proxy = await proxyServer(1, { ...proxied, refuses: '401 Unauthorized' });
    const error = await errorOf(clientOf('https://secure.test', { proxy: proxy.url }));
    expect(error.message).toMatch(/HTTP 401 Unauthorized\. It wants a user name and a password/);
  });

  it('the clocks cover the wait for a tunnel, which is ended', async () => {
    await using proxy = await proxyServer(1, { ...proxied, isSilent: true });
    const options = { proxy: proxy.url, timeout: { response: 200 } };
    expect(await errorOf(clientOf('https://secure.test', options))).toBeInstanceOf(APITimeoutError);
    await vi.waitUntil(() => proxy.sockets.size === 0);
  });

  it('close() ends the wait for a tunnel', async () => {
    await using proxy = await proxyServer(1, { ...proxied, isSilent: true });
    const client = clientOf('https://secure.test', { proxy: proxy.url });
    const failed = errorOf(client);
    await vi.waitUntil(() => proxy.seen.length === 1);
    client.close();
    expect(await failed).toMatchObject({ name: 'APIUserAbortError' });
    await vi.waitUntil(() => proxy.sockets.size === 0);
  });

  it('a break in the middle of a message names the proxy, and keeps what was received', async () => {
    const half = sse(...textMessage('Hel', 'lo').slice(0, 4));
    await using server = await rawServer({ body: [half], end: 'reset' });
    await using proxy = await proxyServer(server.port, proxied);
    const error = await errorOf(clientOf('http://secure.test', { proxy: proxy.url }));
    expect(error.message).toContain(
      `to secure.test through the proxy ${proxy.url} broke in the mid`,
    );
    expect(error.partialMessage?.content).toMatchObject([{ text: 'Hel' }]);
  });

  it('kept tunnels that died cost one repeat', async () => {
    let sockets: Socket[] = [];
    await using server = await secureServer((socket) => sockets.push(socket));
    await using proxy = await proxyServer(server.port, proxied);
    const client = clientOf('https://secure.test', { proxy: proxy.url });
    await Promise.all(Array.from({ length: 5 }, () => ask(client)));
    expect(sockets).toHaveLength(5);
    for (const socket of proxy.sockets) {
      // Its end is only seen by who writes: the pipe to the server is cut without a word.
      socket.unpipe();
      socket.once('data', () => socket.destroy());
      socket.resume();
    }
    sockets = [];
    expect(await ask(client)).toBe('Hello');
    expect(sockets).toHaveLength(1);
  });
});

describe('a connection to a proxy', () => {
  it.each([
    ['127.0.0.1', false],
    ['localhost', 'localhost'],
  ])('over TLS to %s asks for the certificate of %s', async (host, servername) => {
    await using server = await rawServer({ body: [EVENTS] });
    await using proxy = await proxyServer(server.port, { isSecure: true });
    const url = proxy.url.replace('127.0.0.1', host);
    expect(await ask(clientOf('http://secure.test', { proxy: url }))).toBe('Hello');
    expect([...proxy.sockets].map((socket) => (socket as TLSSocket).servername)).toEqual([
      servername,
    ]);
  });

  it('has the options of one to a server', async () => {
    const connect = vi.spyOn(net, 'connect');
    await using server = await rawServer({ body: [EVENTS] });
    await using proxy = await proxyServer(server.port);
    await ask(clientOf('http://secure.test', { proxy: proxy.url }));
    expect(connect).toHaveBeenCalledWith(
      expect.objectContaining({
        port: proxy.port,
        keepAlive: true,
        autoSelectFamilyAttemptTimeout: 4_000,
      }),
    );
    connect.mockRestore();
  });
});

describe('a proxy that is not there', () => {
  it.each(['http://secure.test', 'https://secure.test'])('is named, at %s', async (baseURL) => {
    const server = createTcpServer();
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    const client = clientOf(baseURL, { proxy: `http://me:hunter22@127.0.0.1:${port}` });
    const error = await errorOf(client);
    expect(error).toMatchObject({ name: 'APIConnectionError', retryable: true });
    expect(error.message).toMatch(
      `no connection to secure.test through the proxy http://127.0.0.1:${port}: ECONNREFUSED`,
    );
    expect(error.cause).toMatchObject({ code: 'ECONNREFUSED' });
    expect(JSON.stringify(error) + error.stack).not.toMatch(/hunter22/);
  });

  it('speaks another protocol: the error names it', async () => {
    const server = createTcpServer((socket) => socket.end('220 smtp ready\r\n'));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    for (const proxy of [`http://127.0.0.1:${port}`, `https://127.0.0.1:${port}`]) {
      const error = await errorOf(clientOf('https://secure.test', { proxy }));
      expect(error).toBeInstanceOf(APIConnectionError);
      expect(error.message).toContain(`through the proxy ${proxy}: `);
    }
    server.close();
  });
});

it('the certificate of the server is checked behind a tunnel', async () => {
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', undefined);
  await using server = await secureServer();
  await using proxy = await proxyServer(server.port);
  const error = await errorOf(clientOf('https://secure.test', { proxy: proxy.url, maxRetries: 2 }));
  expect(error).toMatchObject({ name: 'APIConnectionError', retryable: false });
  expect(error.message).toMatch(/NODE_EXTRA_CA_CERTS/);
  expect(proxy.seen).toHaveLength(1);
});

describe('the environment', () => {
  it('is read when a client is made, and one that is made of it keeps what it was', async () => {
    await using server = await rawServer({ body: [EVENTS] });
    await using proxy = await proxyServer(server.port);
    vi.stubEnv('http_proxy', proxy.url);
    const client = clientOf('http://secure.test');
    vi.stubEnv('http_proxy', 'http://127.0.0.1:1');
    expect(await ask(client)).toBe('Hello');
    expect(proxy.seen).toHaveLength(1);
  });

  it('is not for loopback, nor where proxy is false, an agent or a fetch is given', async () => {
    await using server = await rawServer({ body: [EVENTS] });
    await using proxy = await proxyServer(server.port);
    vi.stubEnv('HTTP_PROXY', proxy.url);
    expect(await ask(clientOf(server.url))).toBe('Hello');
    const elsewhere = 'http://no-such-host.invalid';
    const direct = await errorOf(clientOf(elsewhere, { proxy: false }));
    expect(direct.message).toMatch(/^no connection to no-such-host\.invalid: E/);
    const agent = new (await import('node:http')).Agent();
    expect((await errorOf(clientOf(elsewhere, { agent }))).message).not.toContain('proxy');
    const fetch = async (): Promise<Response> => new Response(EVENTS);
    expect(await ask(clientOf(elsewhere, { fetch }))).toBe('Hello');
    expect(proxy.seen).toEqual([]);
  });
});

const ON_NODE =
  /^(proxy|http2|tls) works on Node only, without fetch: a fetch makes the connections of its platform$/;

describe('options that exclude each other', () => {
  it.each<[ClientOptions, RegExp]>([
    [{ proxy: 'http://p:1', agent: {} }, /^agent and proxy exclude each other/],
    [{ proxy: 'http://p:1', fetch }, ON_NODE],
    [{ proxy: false, fetch }, ON_NODE],
    [{ http2: false, fetch }, ON_NODE],
    [{ tls: {}, fetch }, ON_NODE],
    [{ tls: {}, agent: {} }, /^agent and tls exclude each other: pass the settings to the agent$/],
    [{ http2: true, agent: {} }, /^an agent makes connections for HTTP\/1\.1: leave out agent or/],
    [{ http2: { maxStreams: 0 } }, /^http2\.maxStreams is 0: pass a whole number of at least 1/],
    [{ http2: { streams: 1 } as never }, /^there is no http2\.streams: pass maxStreams$/],
    [{ tls: { ca: 1 as never } }, /^tls\.ca is a number: pass the text of a PEM file/],
    [{ tls: { pfx: 'x' } as never }, /^there is no tls\.pfx: pass ca, cert, key/],
    [{ proxy: true as never }, /^proxy is a boolean: pass a URL such as/],
    [{ proxy: null as never }, /^proxy is null: pass a URL such as/],
  ])('%o', (options, message) => {
    expect(() => clientOf('http://a.test', options)).toThrow(message);
  });

  it('http2: false and an agent do not', () => {
    expect(() => clientOf('http://a.test', { http2: false, agent: {} })).not.toThrow();
  });

  it('proxy: false and an agent do not', () => {
    expect(() => clientOf('http://a.test', { proxy: false, agent: {} })).not.toThrow();
  });
});
