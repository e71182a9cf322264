import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createEmulator, record, reply, type Server, serve } from '../../src/testing/index.js';
import { Recent } from '../../src/testing/model/recent.js';
import { ask, HEADERS, PARAMS } from './ask.js';

const MIB = 1024 * 1024;

const emulated = (): Promise<Server> =>
  serve(createEmulator({ replies: () => reply.text('Hello') }));

interface Answer {
  status: number | undefined;
  body: { error?: { type: string; message: string } };
}

/** Sends a request piece by piece, without reading ahead of its answer. */
async function send(
  { url }: Server,
  pieces: Iterable<string | Uint8Array>,
  options: { method?: string; path?: string; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const { method = 'POST', path = '/v1/messages', headers = {} } = options;
  const { hostname, port } = new URL(url);
  const sent = request({
    host: hostname,
    port,
    method,
    path,
    headers: { ...HEADERS, ...headers },
    agent: false,
  });
  sent.on('error', () => {}); // The server can answer before it has all.
  const answered = once(sent, 'response');
  for (const piece of pieces) {
    if (!sent.write(piece)) await Promise.race([once(sent, 'drain'), answered]);
  }
  if (headers['content-length'] === undefined) sent.end();
  const [response] = await answered;
  let text = '';
  for await (const chunk of response) text += chunk;
  sent.destroy();
  return { status: response.statusCode, body: JSON.parse(text) };
}

function* many(count: number, piece: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < count; at++) yield piece;
}

describe('a body that is larger than the API accepts gets a 413', () => {
  it.each([
    ['that announces its length, before it is sent', ['{'], { 'content-length': '1000000000000' }],
    ['in pieces', many(33, new Uint8Array(MIB).fill(32)), {}],
  ] as const)('%s', async (_, pieces, headers) => {
    await using server = await emulated();
    expect(await send(server, pieces, { headers: { ...headers } })).toMatchObject({
      status: 413,
      body: { error: { type: 'request_too_large' } },
    });
  });

  it('of a recorder and of a fetch too', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'millrace-'));
    const upstream = createEmulator({ replies: [] });
    const recorder = await record({ upstream: 'http://x', dir, fetch: upstream.fetch });
    const params = { system: 'x'.repeat(33 * MIB) };
    expect((await ask(recorder, params)).status).toBe(413);
    expect((await ask(upstream, params)).status).toBe(413);
    expect(upstream.requests).toMatchObject([{ status: 413, body: '' }]);
  });

  it('and one of the largest size is read, in pieces of any size', async () => {
    await using server = await emulated();
    const head = `{"model":"m","max_tokens":1,"messages":[{"role":"user","content":"`;
    const body = `${head + 'x'.repeat(32 * MIB - head.length - 4)}"}]}`;
    const pieces = [...body.slice(0, 2000), body.slice(2000)];
    expect(await send(server, pieces)).toMatchObject({
      status: 400,
      body: { error: { message: expect.stringMatching(/^prompt is too long/) } },
    });
  });
});

const deep = (levels: number): string => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;

describe('what is no request of the API gets a 400', () => {
  it.each([
    ['no JSON', '{'],
    ['no body', ''],
    ['JSON that is no object', '[1]'],
    ['null', 'null'],
    ['a number', '5'],
    ['bytes that are no UTF-8', new Uint8Array([0xff, 0xfe])],
    ['nesting', deep(9000)],
    [
      'nesting in a known place',
      JSON.stringify(PARAMS).replace(
        /^\{/,
        `{"tools":[{"name":"f","input_schema":${deep(9000)}}],`,
      ),
    ],
    ['nesting of lists', `${'['.repeat(200_000)}${']'.repeat(200_000)}`],
  ])('a body: %s', async (_, body) => {
    await using server = await emulated();
    expect(await send(server, [body])).toMatchObject({
      status: 400,
      body: { error: { type: 'invalid_request_error' } },
    });
  });

  it.each([
    ['OPTIONS', '*'],
    ['TRACE', '/v1/messages'],
    ['GET', 'no-slash:and-no-port:x'],
  ])('%s %s', async (method, path) => {
    await using server = await emulated();
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    socket.end(`${method} ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`);
    let text = '';
    for await (const chunk of socket) text += chunk;
    expect(text).toMatch(/^HTTP\/1\.1 400 /);
  });

  it('but an absolute address and two slashes name a path here', async () => {
    await using server = await emulated();
    const absolute = { method: 'GET', path: 'http://elsewhere.test/v1/models' };
    expect((await send(server, [], absolute)).status).toBe(200);
    expect((await send(server, [], { method: 'GET', path: '//v1/models' })).status).toBe(404);
  });
});

describe('keepRequests: false', () => {
  it('keeps none, and resolves who waits', async () => {
    const emulator = createEmulator({ replies: () => reply.text('Hello'), keepRequests: false });
    const next = emulator.waitForRequest();
    await ask(emulator);
    await ask(emulator);
    expect(emulator.requests).toEqual([]);
    expect(await next).toMatchObject({ method: 'POST', body: PARAMS });
  });
});

describe('what is remembered of conversations', () => {
  it('has a limit on the count', () => {
    const recent = new Recent<number>({ count: 2, size: 100 });
    for (const at of [1, 2, 3]) recent.set(String(at), at, 1);
    expect([recent.get('1'), recent.get('2'), recent.get('3')]).toEqual([undefined, 2, 3]);
  });

  it('has a limit on the size', () => {
    const recent = new Recent<number>({ count: 100, size: 10 });
    for (const at of [1, 2, 3]) recent.set(String(at), at, 5);
    expect([recent.get('1'), recent.get('2'), recent.get('3')]).toEqual([undefined, 2, 3]);
    recent.set('3', 4, 11);
    expect([recent.get('2'), recent.get('3')]).toEqual([undefined, undefined]);
  });
});
