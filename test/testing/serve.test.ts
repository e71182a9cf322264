import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { Anthropic } from '../../src/client.js';
import { APIConnectionError } from '../../src/errors.js';
import { createEmulator, reply, type Server, serve } from '../../src/testing/index.js';
import { HEADERS, PARAMS, rejection } from './ask.js';
import { endless, MANY } from './endless.js';

const INIT = {
  method: 'POST',
  headers: HEADERS,
  body: JSON.stringify({ ...PARAMS, stream: true }),
};

const post = (url: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`${url}/v1/messages`, { ...INIT, ...init });

const portOf = ({ url }: Server): number => Number(new URL(url).port);

/** A response that nothing is read from. */
async function unread(url: string): Promise<IncomingMessage> {
  const sent = request(`${url}/v1/messages`, { method: 'POST', headers: HEADERS, agent: false });
  sent.on('error', () => {}); // The server can break it off.
  sent.end(INIT.body);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  response.on('error', () => {});
  return response;
}

/** Resolves when a number has not changed for 50 turns of the event loop. */
async function still(count: () => number): Promise<void> {
  for (let turns = 0, last = count(); turns < 50; turns++) {
    await new Promise((resolve) => setImmediate(resolve));
    if (count() !== last) turns = 0;
    last = count();
  }
}

describe('serve', () => {
  it('listens on a free loopback port and passes the request on', async () => {
    const emulator = createEmulator({ replies: [reply.text('Hello')] });
    await using server = await serve(emulator);
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const response = await post(server.url, { body: JSON.stringify(PARAMS) });
    expect(response.headers.get('request-id')).toMatch(/^req_01/);
    expect((await response.json()).content).toEqual([{ type: 'text', text: 'Hello' }]);
    expect(emulator.requests).toMatchObject([
      { method: 'POST', path: '/v1/messages', headers: HEADERS, body: PARAMS },
    ]);
  });

  it('sends the bytes of emulator.fetch', async () => {
    const replies = [reply.sequence(reply.text('Grüße 🌍'), reply.toolUse('a', { b: 1 }))];
    await using server = await serve(createEmulator({ replies }));
    const direct = createEmulator({ replies }).fetch('http://emulator/v1/messages', INIT);
    expect(await (await post(server.url)).text()).toBe(await (await direct).text());
  });

  it('listens on a given host and port', async () => {
    const first = await serve(createEmulator({ replies: [] }), { host: 'localhost' });
    const port = portOf(first);
    await first.close();
    await using second = await serve(createEmulator({ replies: [] }), { port });
    expect(portOf(second)).toBe(port);
    expect(await rejection(serve(createEmulator({ replies: [] }), { port }))).toMatchObject({
      code: 'EADDRINUSE',
    });
  });

  it('answers a GET, which has no body', async () => {
    await using server = await serve(createEmulator({ replies: [] }));
    const response = await fetch(`${server.url}/v1/files`, { headers: HEADERS });
    expect([response.status, (await response.json()).error.type]).toEqual([404, 'not_found_error']);
  });

  it('breaks the connection if there is no answer', async () => {
    await using server = await serve({ handle: () => Promise.reject(new Error('no luck')) });
    expect(await rejection(post(server.url))).toBeInstanceOf(TypeError);
  });

  it('streams to hundreds of clients at once', async () => {
    const emulator = createEmulator({
      replies: ({ body }) => reply.text(`${body.model}. `.repeat(50)),
    });
    await using server = await serve(emulator);
    const client = new Anthropic({ baseURL: server.url, apiKey: 'test' });
    const models = Array.from({ length: 400 }, (_, at) => `model-${at}`);
    const texts = await Promise.all(
      models.map((model) => client.messages.stream({ ...PARAMS, model }).getFinalText()),
    );
    expect(texts).toEqual(models.map((model) => `${model}. `.repeat(50)));
  });
});

describe('a client of serve', () => {
  it('that does not read applies backpressure, and ends its reply when it leaves', async () => {
    const script = endless();
    await using server = await serve(createEmulator({ replies: [reply.events(script.events)] }));
    const response = await unread(server.url);
    await still(() => script.taken);
    expect(script.taken).toBeGreaterThan(0);
    expect(script.taken).toBeLessThan(MANY);
    response.destroy();
    await script.stopped;
  });

  it('that leaves while it waits for the reply is released', async () => {
    const abort = new AbortController();
    const emulator = createEmulator({
      replies: () => {
        abort.abort();
        return new Promise(() => {});
      },
    });
    await using server = await serve(emulator);
    await rejection(post(server.url, { signal: abort.signal }));
    expect(await emulator.requests[0]?.ended).toBe('left');
  });
});

describe('close', () => {
  it('ends open streams and frees the port', async () => {
    const script = endless();
    const server = await serve(createEmulator({ replies: [reply.events(script.events)] }));
    const client = new Anthropic({ baseURL: server.url, apiKey: 'test', maxRetries: 0 });
    const stream = client.messages.stream(PARAMS);
    const reader = stream[Symbol.asyncIterator]();
    await reader.next();
    await server.close();
    await script.stopped;
    const thrown = await rejection(stream.untilDone());
    expect(thrown).toBeInstanceOf(APIConnectionError);
    const again = await serve(createEmulator({ replies: [] }), { port: portOf(server) });
    await again.close();
  });

  it('ends connections without a request', async () => {
    const server = await serve(createEmulator({ replies: [reply.text('Hello')] }));
    const silent = connect(portOf(server), '127.0.0.1');
    const halfway = connect(portOf(server), '127.0.0.1');
    halfway.write('POST /v1/messages HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\n{');
    await Promise.all([once(silent, 'connect'), once(halfway, 'connect')]);
    await (await post(server.url)).text(); // Its connection is kept alive.
    const closed = Promise.all([once(silent, 'close'), once(halfway, 'close')]);
    silent.on('error', () => {});
    halfway.on('error', () => {});
    await server.close();
    await closed;
    expect(await rejection(post(server.url))).toBeInstanceOf(TypeError);
  });

  it('can be called twice, and by await using', async () => {
    await using server = await serve(createEmulator({ replies: [] }));
    await Promise.all([server.close(), server.close()]);
    await server.close();
    expect(await rejection(post(server.url))).toBeInstanceOf(TypeError);
  });
});

it('the entry imports no node: module, only their types', () => {
  const folder = new URL('../../src/testing/', import.meta.url);
  const imports = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) =>
      [...readFileSync(new URL(file, folder), 'utf8').matchAll(/^.*'node:.*$/gm)].map(
        ([line]) => `${file}: ${line.trim()}`,
      ),
    );
  expect(imports.length).toBeGreaterThan(2);
  expect(imports.filter((line) => /import\(|: import (?!type )/.test(line))).toEqual([]);
});
