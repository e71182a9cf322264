import { once } from 'node:events';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Anthropic } from '../../src/client.js';
import type { ClientOptions } from '../../src/options.js';
import { fault, reply } from '../../src/testing/index.js';
import { sse, textMessage } from '../contract/wire.js';
import { failure, PARAMS } from '../stream/support.js';
import { CERTIFICATE } from '../support/certificate.js';
import { rawServer, SEEN } from '../support/raw-server.js';
import { served } from '../support/served.js';
import { isInstalled, startGateway } from './gateway.js';

/* Real proxies on the way to a server; docs/proxies.md says what users need to set. */

const PIECES = ['Hel', 'lo ', 'there'];
const EVENTS = textMessage(...PIECES);
const TYPE = { 'content-type': 'text/event-stream' };
/** Each piece is sent once the client has the one before. */
const LIVE = {
  headers: TYPE,
  body: EVENTS.flatMap((event) =>
    event.type === 'content_block_delta' ? [sse(event), SEEN] : [sse(event)],
  ),
};

const clientOf = (baseURL: string, options: ClientOptions = {}): Anthropic =>
  new Anthropic({ apiKey: 'key', baseURL, maxRetries: 0, ...options });

/** Reads a stream whose server waits for each piece to be read. */
async function readLive(
  client: Anthropic,
  server: Awaited<ReturnType<typeof rawServer>>,
): Promise<string[]> {
  const seen: string[] = [];
  for await (const piece of client.messages.stream(PARAMS).textStream) {
    seen.push(piece);
    server.exchanges.at(-1)?.seen();
  }
  return seen;
}

describe.each(['nginx', 'haproxy', 'caddy'] as const)(
  '%s, which compresses and buffers,',
  (name) => {
    const test = it.skipIf(!isInstalled(name));

    test('hands on each piece of a stream as it comes', async () => {
      await using server = await rawServer(LIVE);
      await using gateway = await startGateway(name, server.port);
      expect(await readLive(clientOf(gateway.url), server)).toEqual(PIECES);
      expect(server.exchanges[0]?.headers['accept-encoding']).toBe('identity');
    });

    test('closes the connection to the server where the reader leaves', async () => {
      await using server = await rawServer(LIVE);
      await using gateway = await startGateway(name, server.port);
      for await (const _ of clientOf(gateway.url).messages.stream(PARAMS).textStream) break;
      await (await server.exchange()).left;
    });

    test('compresses for a client that asks for it, with the same message', async () => {
      await using server = await rawServer({ headers: TYPE, body: [sse(...EVENTS)] });
      await using gateway = await startGateway(name, server.port);
      const client = clientOf(gateway.url, { defaultHeaders: { 'accept-encoding': 'gzip' } });
      const stream = client.messages.stream(PARAMS);
      expect(await stream.getFinalText()).toBe(PIECES.join(''));
      expect((await stream.response).headers.get('content-encoding')).toBe('gzip');
    });

    test('hands on messages, errors and dialects of the emulator', async () => {
      const answer = reply.text('Hello 🌤');
      await using emulator = await served(
        answer,
        answer,
        reply.faulty(answer, fault.dialect('copilot')),
        reply.error(529),
      );
      await using gateway = await startGateway(name, Number(new URL(emulator.url).port));
      const { messages } = clientOf(gateway.url);
      expect((await messages.create(PARAMS)).content[0]).toMatchObject({ text: 'Hello 🌤' });
      expect(await messages.stream(PARAMS).getFinalText()).toBe('Hello 🌤');
      expect(await messages.stream(PARAMS).getFinalText()).toBe('Hello 🌤');
      expect(await failure(messages.stream(PARAMS).getFinalText())).toMatchObject({
        name: 'OverloadedError',
      });
    });
  },
);

describe('tinyproxy', () => {
  const test = it.skipIf(!isInstalled('tinyproxy'));
  const withPassword = (url: string, password = 'secret'): string =>
    url.replace('//', `//me:${password}@`);
  beforeEach(() => void vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0'));
  afterEach(() => vi.unstubAllEnvs());

  async function secureServer() {
    const server = https.createServer(CERTIFICATE, (request, response) => {
      request.resume().on('end', () => response.writeHead(200, TYPE).end(sse(...EVENTS)));
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return {
      url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
      [Symbol.asyncDispose]: async () => {
        server.closeAllConnections();
        server.close();
      },
    };
  }

  test('hands on each piece of a stream over http', async () => {
    await using server = await rawServer(LIVE);
    await using proxy = await startGateway('tinyproxy');
    const client = clientOf(server.url, { proxy: withPassword(proxy.url) });
    expect(await readLive(client, server)).toEqual(PIECES);
    expect(server.exchanges[0]?.headers).not.toHaveProperty('proxy-authorization');
  });

  test('makes a tunnel for https, which is used again', async () => {
    await using server = await secureServer();
    await using proxy = await startGateway('tinyproxy');
    const { messages } = clientOf(server.url, { proxy: withPassword(proxy.url) });
    for (let n = 0; n < 2; n++) {
      expect(await messages.stream(PARAMS).getFinalText()).toBe(PIECES.join(''));
    }
  });

  test('refuses a client without the right password, with what to do', async () => {
    await using server = await secureServer();
    await using proxy = await startGateway('tinyproxy');
    const errorWith = (url: string): Promise<unknown> =>
      failure(clientOf(server.url, { proxy: url }).messages.create(PARAMS));
    expect(await errorWith(proxy.url)).toMatchObject({
      name: 'APIConnectionError',
      message: expect.stringMatching(/HTTP 407 .*It wants a user name and a password/),
    });
    expect(await errorWith(withPassword(proxy.url, 'wrong'))).toMatchObject({
      name: 'APIConnectionError',
      message: expect.stringMatching(/It did not accept the user name and the password/),
    });
  });
});
