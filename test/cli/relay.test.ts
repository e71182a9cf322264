import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { Anthropic } from '../../src/client.js';
import { MessageStream } from '../../src/stream/message-stream.js';
import {
  createEmulator,
  type Emulator,
  type EmulatorOptions,
  parseFaults,
  reply,
  serve,
} from '../../src/testing/index.js';
import { type Command, run, start } from './command.js';

// Acceptance test 11 of the relay, with this client and curl; test/peers has those of others.

// Without a repeat, which a recovery could take for one of its seam.
const TEXT = Array.from({ length: 60 }, (_, n) => `word${n}`).join(' ');
const PARAMS = {
  model: 'claude-opus-4-8',
  max_tokens: 1000,
  messages: [{ role: 'user' as const, content: 'Hi' }],
};
const KEY = 'sk-secret-1234567890';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

interface Gateway {
  url: string;
  emulator: Emulator;
  command: Command;
}

async function gateway(
  emulated: Partial<EmulatorOptions> = {},
  args: readonly string[] = [],
): Promise<Gateway> {
  const emulator = createEmulator({ replies: () => reply.text(TEXT), ...emulated });
  const api = await serve(emulator);
  const { url, command } = await startGateway(api.url, args);
  ends.unshift(() => api.close());
  return { url, emulator, command };
}

async function startGateway(
  upstream: string,
  args: readonly string[] = [],
): Promise<{ url: string; command: Command }> {
  const command = start(['relay', '--port', '0', '--upstream', upstream, ...args]);
  ends.push(() => {
    command.child.kill('SIGINT');
    return command.finished;
  });
  const [, url = ''] = await command.printed(/listening on (\S+)\n/);
  return { url, command };
}

const clientOf = (url: string, apiKey = KEY): Anthropic =>
  new Anthropic({ apiKey, baseURL: url, maxRetries: 0 });

describe('a stream through the gateway', () => {
  it('is that of the API, with its id', async () => {
    const { url, emulator } = await gateway();
    const stream = clientOf(url).messages.stream(PARAMS);
    expect(await stream.getFinalText()).toBe(TEXT);
    const { headers } = await stream.response;
    expect(headers.get('x-millrace-stream')).toMatch(/^[\w-]{36}$/);
    expect(headers.get('anthropic-ratelimit-requests-limit')).toBe('4000');
    expect(stream.requestId).toMatch(/^req_/);
    expect(emulator.requests[0]?.headers).toMatchObject({ authorization: `Bearer ${KEY}` });
    expect(emulator.requests[0]?.body).toMatchObject(PARAMS);
  });

  it.each(['cut@text', 'stall@text', 'reset@text', 'error=overloaded_error@text'])(
    'is whole where the API breaks: %s',
    async (spec) => {
      const faults = parseFaults(spec) as never[];
      const options = { faults: (n: number) => (n === 1 ? faults : []) };
      const args = ['--recover', '--timeout', 'idle=200ms'];
      const { url } = await gateway(options, args);
      expect(await clientOf(url).messages.stream(PARAMS).getFinalText()).toBe(TEXT);
      const body = JSON.stringify({ ...PARAMS, stream: true });
      const { stdout } = await promisify(execFile)('curl', [
        ...['-sN', `${url}/v1/messages`, '-H', `x-api-key: ${KEY}`],
        ...['-H', 'anthropic-version: 2023-06-01', '-d', body],
      ]);
      expect(await MessageStream.from(new Response(stdout)).getFinalText()).toBe(TEXT);
    },
  );

  it('ends with the error of the API where it is not to recover', async () => {
    const { url } = await gateway({ faults: parseFaults('error=overloaded_error@text') });
    const error = await clientOf(url)
      .messages.stream(PARAMS)
      .getFinalText()
      .catch((error) => error);
    expect(error).toMatchObject({ name: 'OverloadedError', type: 'overloaded_error' });
    expect(error.partialMessage.content[0].text).not.toBe('');
  });

  it('has the status of the API where nothing was streamed', async () => {
    const { url } = await gateway({ apiKey: 'another' });
    const error = await clientOf(url)
      .messages.stream(PARAMS)
      .getFinalText()
      .catch((error) => error);
    expect(error).toMatchObject({ name: 'AuthenticationError', status: 401, httpStatus: 401 });
  });

  it('is followed, and stopped, by its key alone', async () => {
    // So slow that it isn't complete before it is stopped, on a busy machine too.
    const { url } = await gateway({ pace: { tokensPerSecond: 5 } });
    const stream = clientOf(url).messages.stream(PARAMS);
    const id = (await stream.response).headers.get('x-millrace-stream');
    const at = `${url}/streams/${id}`;
    const headers = { 'x-api-key': KEY };
    expect((await fetch(at, { headers: { 'x-api-key': 'other' } })).status).toBe(404);
    expect((await fetch(at)).status).toBe(404);
    const followed = MessageStream.follow((lastEventId) =>
      fetch(at, { headers: { ...headers, ...(lastEventId && { 'last-event-id': lastEventId }) } }),
    );
    for await (const _ of followed.textStream) break;
    expect((await fetch(at, { method: 'DELETE', headers })).status).toBe(204);
    await expect(stream.getFinalText()).rejects.toThrow(/stopped/);
  });

  it('is the same for the same Idempotency-Key', async () => {
    const { url, emulator } = await gateway({ pace: { tokensPerSecond: 400 } });
    const extraHeaders = { 'idempotency-key': 'once' };
    const send = (params = PARAMS, key = KEY) =>
      clientOf(url, key).messages.stream(params, { extraHeaders }).getFinalText();
    expect(await Promise.all([send(), send()])).toEqual([TEXT, TEXT]);
    expect(emulator.requests).toHaveLength(1);
    await expect(send({ ...PARAMS, max_tokens: 5 })).rejects.toMatchObject({ status: 409 });
    await send(PARAMS, 'another key');
    expect(emulator.requests).toHaveLength(2);
  });

  it('is requested again where the one of the same Idempotency-Key has failed', async () => {
    const faults = (n: number) => (n === 1 ? (parseFaults('cut@text') as never[]) : []);
    const { url } = await gateway({ faults });
    const send = (): Promise<string> =>
      clientOf(url)
        .messages.stream(PARAMS, { extraHeaders: { 'idempotency-key': 'once' } })
        .getFinalText();
    await expect(send())
      .rejects.toMatchObject({ name: 'APIConnectionError' })
      .catch(() => {});
    expect(await send()).toBe(TEXT);
  });

  it('is stopped after its last reader has left', async () => {
    const { url, emulator } = await gateway({ pace: { tokensPerSecond: 10 } }, [
      '--stop-when-alone',
      '1',
    ]);
    for await (const _ of clientOf(url).messages.stream(PARAMS)) break;
    expect(await emulator.requests[0]?.ended).toBe('left');
  });
});

describe('what is no stream', () => {
  /** A server that keeps what it gets, and answers with odd bytes. */
  async function odd(): Promise<{
    url: string;
    got: { raw: string[]; body: Buffer; line: string }[];
  }> {
    const got: { raw: string[]; body: Buffer; line: string }[] = [];
    const server = createServer(async (incoming, outgoing) => {
      const chunks: Buffer[] = [];
      for await (const chunk of incoming) chunks.push(chunk);
      const line = `${incoming.method} ${incoming.url}`;
      got.push({ raw: incoming.rawHeaders, body: Buffer.concat(chunks), line });
      outgoing.writeHead(418, 'Odd', ['X-Odd', 'a', 'x-odd', 'b', 'Content-Encoding', 'gzip']);
      outgoing.end(Buffer.from([0, 255, 13, 10, 128]));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    ends.push(() => server.close());
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, got };
  }

  const send = (
    url: string,
    method: string,
    path: string,
    body: Buffer,
  ): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const headers = [
        'X-Custom',
        'One',
        'x-custom',
        'Two',
        'X-Api-Key',
        KEY,
        'Content-Length',
        String(body.length),
      ];
      request(url + path, { method, headers: [...headers, 'Host', 'gateway'] }, resolve)
        .on('error', reject)
        .end(body);
    });

  it.each([
    ['POST', '/v1/messages', '{"model":"x",  "stream":false}'],
    ['POST', '/v1/messages', 'no JSON \u{1f4a9}'],
    ['POST', '/v1/messages/count_tokens', '{"a": 1.0}'],
    ['GET', '/v1/models?limit=5&x=%20', ''],
    ['PUT', '/v9/anything/at%2Fall', '\u0000\u0001'],
  ])('%s %s is passed on byte for byte', async (method, path, text) => {
    const { url: upstream, got } = await odd();
    const { url } = await startGateway(`${upstream}/base/`);
    const body = Buffer.from(text);
    const response = await send(url, method, path, body);
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk);
    expect(got).toHaveLength(1);
    expect(got[0]?.line).toBe(`${method} /base${path}`);
    expect(got[0]?.body).toEqual(body);
    const sent = [
      'X-Custom',
      'One',
      'x-custom',
      'Two',
      'X-Api-Key',
      KEY,
      'Content-Length',
      String(body.length),
    ];
    expect(got[0]?.raw.slice(0, sent.length)).toEqual(sent);
    expect([response.statusCode, response.statusMessage]).toEqual([418, 'Odd']);
    expect(response.rawHeaders.slice(0, 6)).toEqual([
      'X-Odd',
      'a',
      'x-odd',
      'b',
      'Content-Encoding',
      'gzip',
    ]);
    expect(Buffer.concat(chunks)).toEqual(Buffer.from([0, 255, 13, 10, 128]));
  });

  it('is an error of the gateway where the API is not there', async () => {
    const { url } = await startGateway('http://127.0.0.1:1');
    const response = await fetch(`${url}/v1/models`);
    expect(response.status).toBe(502);
    expect(await response.json()).toMatchObject({ type: 'error', error: { type: 'api_error' } });
  });
});

it('keys are neither in the log nor on disk', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'millrace-'));
  const { url, command } = await gateway({}, ['--dir', dir]);
  await clientOf(url).messages.stream(PARAMS).untilDone();
  await (await fetch(`${url}/v1/models?x=${KEY}`, { headers: { 'x-api-key': KEY } })).text();
  await command.printed('GET /v1/models');
  command.child.kill('SIGTERM');
  const { stdout, stderr, code } = await command.finished;
  expect(code).toBe(0);
  expect(stdout + stderr).not.toContain(KEY);
  expect(stdout).toMatch(/^POST \/v1\/messages · 200 · \d+ ms · complete$/m);
  const files = readdirSync(dir);
  expect(files.some((name) => name.endsWith('.jsonl'))).toBe(true);
  for (const name of files) {
    expect(name).not.toContain(KEY);
    expect(readFileSync(join(dir, name), 'utf8')).not.toContain(KEY);
  }
});

it('another gateway on the same folder goes on with the streams of one that stops', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'millrace-'));
  const shared = ['--dir', dir, '--secret', 'shared'];
  const emulator = createEmulator({
    replies: () => reply.text(TEXT),
    pace: { tokensPerSecond: 40 },
  });
  const api = await serve(emulator);
  const [first, second] = [
    await startGateway(api.url, shared),
    await startGateway(api.url, shared),
  ];
  ends.unshift(() => api.close());
  const stream = clientOf(first.url).messages.stream(PARAMS);
  const id = (await stream.response).headers.get('x-millrace-stream');
  stream.close();
  const followed = MessageStream.follow((lastEventId) =>
    fetch(`${second.url}/streams/${id}`, {
      headers: { 'x-api-key': KEY, ...(lastEventId && { 'last-event-id': lastEventId }) },
    }),
  );
  const text = followed.getFinalText();
  await followed.connect();
  first.command.child.kill('SIGTERM');
  expect(await text).toBe(TEXT);
});

it.each([
  [['--upstream', 'me'], 'upstream must be an address'],
  [['--redis', 'redis://x', '--dir', 'y'], 'use --redis or --dir, not both'],
  [['x'], "unexpected argument 'x': relay takes options only"],
])('refuses %j', async (args, said) => {
  const { code, stderr } = await run(['relay', ...args]);
  expect(code).toBe(2);
  expect(stderr).toContain(said);
});
