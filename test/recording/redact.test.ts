import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { getSecrets, redact } from '../../src/recording/redact.js';
import { createEmulator, fault, record, reply, serve } from '../../src/testing/index.js';
import { ask, HEADERS } from '../testing/ask.js';

const folder = (): string => mkdtempSync(join(tmpdir(), 'millrace-'));
const utf8 = new TextEncoder();

/** The body of a response after a redaction, cut into chunks of some size. */
function redacted(body: string, headers: Record<string, string>, size = 7): string {
  const bytes = utf8.encode(body);
  const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) => ({
    at,
    bytes: bytes.slice(at * size, (at + 1) * size),
  }));
  const request = { method: 'POST', path: '/', headers, body: {} };
  const response = { status: 200, headers: {} };
  const recording = { request, response, chunks, end: { at: 0, end: 'complete' as const } };
  const result = redact(recording, getSecrets(headers)).chunks;
  expect(result.map((chunk) => chunk.bytes.length)).toEqual(
    chunks.map((chunk) => chunk.bytes.length),
  );
  return Buffer.concat(result.map((chunk) => chunk.bytes)).toString();
}

const SECRET = 'a"b\\c-SECRET';
const escaped = JSON.stringify(SECRET).slice(1, -1);
/** Each character as an escape with its number. */
const inNumbers = [...SECRET].map((c) => `\\u00${c.charCodeAt(0).toString(16)}`).join('');

describe('a secret in a response', () => {
  it.each([
    ['in JSON', `{"n":1,"t":"x ${escaped} y"}`, `{"n":1,"t":"x ${'*'.repeat(14)} y"}`],
    ['in an event', `data: {"t":"${escaped}"}\n\n`, `data: {"t":"${'*'.repeat(14)}"}\n\n`],
    ['in numbered escapes', `data:{"t":"${inNumbers}"}`, `data:{"t":"${'*'.repeat(72)}"}`],
    ['in the name of a field', `{"${escaped}":1}`, `{"${'*'.repeat(14)}":1}`],
    ['in an event that was cut off', `data: {"t":"${escaped}`, `data: {"t":"${'*'.repeat(14)}`],
    ['in a text', `no: ${SECRET}!`, `no: ${'*'.repeat(12)}!`],
    [
      'in JSON in a string',
      `{"t":${JSON.stringify(`{"u":"${SECRET}"}`)}}`,
      `{"t":"{\\"u\\":\\"${'*'.repeat(14)}\\"}"}`,
    ],
  ])('is blanked %s', (_, body, kept) => {
    expect(redacted(body, { 'x-secret': SECRET })).toBe(kept);
  });

  it.each([
    ['after an escape that ends with its first letter', 'next-secret', '{"t":"\\next-secret"}'],
    ['that is a number', '12345678', '{"n": 12345678,\n "m": [12345678.5]}'],
    ['that looks like JSON', '","b":"1234', '{"a":"","b":"1234"}'],
    ['that is short', '1', 'data: {"t":"1","n":1}\n'],
    ['that is true', 'true', '{"t":true}'],
  ])('leaves JSON as it is: one %s', (_, secret, body) => {
    expect(redacted(body, { 'x-session-token': secret })).toBe(body);
  });

  it('is found in UTF-8, however the header was sent', () => {
    const secret = 'Schlüssel-9';
    const asBytes = Buffer.from(secret).toString('latin1');
    for (const header of [secret, asBytes]) {
      for (const body of [`{"t":"${secret}"}`, '{"t":"Schl\\u00fcssel-9"}', `a ${secret}`]) {
        expect(redacted(body, { 'x-token': header })).not.toMatch(/Schl|ssel/);
      }
    }
  });

  it('is no secret where the header is none', () => {
    expect(redacted('12345678-abc', { 'x-request': '12345678-abc' })).toBe('12345678-abc');
  });
});

/** Sends a request with these headers through a recorder. */
async function recordOne(
  headers: Record<string, string>,
  content: string,
): Promise<{ sent: string; file: string; errors: Error[] }> {
  const dir = folder();
  const errors: Error[] = [];
  const upstream = createEmulator({ replies: [reply.text(content)] });
  const onError = (error: Error): void => void errors.push(error);
  const recorder = await record({
    upstream: 'http://api.test',
    dir,
    fetch: upstream.fetch,
    onError,
  });
  const response = await ask(
    recorder,
    { system: content },
    { headers: { ...HEADERS, ...headers } },
  );
  const sent = await response.text();
  const files = readdirSync(dir).map((name) => readFileSync(join(dir, name), 'utf8'));
  return { sent, file: files.join(''), errors };
}

it.each([
  ['x-max-tokens', '100'],
  ['x-session-token', '1'],
  ['x-use-token', 'true'],
  ['x-api-key', 'k'],
  ['x-secret', '"'],
  ['cookie', '{}'],
  ['x-secret', '":{"text'],
  ['x-secret', '\\\\\\\\\\\\\\\\'],
])('keeps the recording and the answer whatever the secret: %s: %s', async (name, value) => {
  const { sent, file, errors } = await recordOne({ [name]: value }, 'Hello 100 1 true');
  expect(sent).toContain('message_stop');
  expect(errors).toEqual([]);
  const lines = file
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines[0].request.body.system).toBe('Hello 100 1 true');
  expect(lines[0].request.headers).not.toHaveProperty(name);
  expect(lines.at(-1)).toMatchObject({ end: 'complete' });
  const text = lines.map((line) => line.text ?? '').join('');
  for (const [, data = ''] of text.matchAll(/^data: (.*)$/gm)) JSON.parse(data);
});

it('finds a secret with quotes in the request and in the response', async () => {
  const { sent, file } = await recordOne({ 'x-secret': SECRET }, `my secret is ${SECRET}`);
  expect(sent).toContain('SECRET');
  expect(file).toContain('my secret is ***');
  expect(file).not.toContain('SECRET');
});

describe('what could not be kept', () => {
  const api = createEmulator({ replies: () => reply.text('Hello') });

  it('is reported when its file cannot be written, and the client gets its answer', async () => {
    const dir = folder();
    const errors: Error[] = [];
    const recorder = await record({
      upstream: 'http://api.test',
      dir: join(dir, 'made'),
      fetch: api.fetch,
      onError: (error) => void errors.push(error),
    });
    const { rmSync, writeFileSync } = await import('node:fs');
    rmSync(join(dir, 'made'), { recursive: true });
    writeFileSync(join(dir, 'made'), 'a file in its place');
    expect(await (await ask(recorder)).text()).toContain('message_stop');
    expect(errors.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^recording 0001\.jsonl was not kept: ENOTDIR/),
    ]);
  });

  it('is reported when it is too large, and the client gets every byte', async () => {
    const dir = folder();
    const errors: Error[] = [];
    const piece = new Uint8Array(1024 * 1024).fill(32);
    const large = createEmulator({ replies: [reply.raw(200, {}, Array(65).fill(piece))] });
    const recorder = await record({
      upstream: 'http://api.test',
      dir,
      fetch: large.fetch,
      onError: (error) => void errors.push(error),
    });
    expect((await (await ask(recorder)).arrayBuffer()).byteLength).toBe(65 * piece.length);
    expect(errors.map(({ message }) => message)).toEqual([
      'recording 0001.jsonl was not kept: the response is larger than 64 MiB',
    ]);
    expect(readdirSync(dir)).toEqual([]);
  });
});

it('redacts megabytes in little time and memory, whatever their lines', () => {
  const cpu = (body: string): number => {
    const before = process.cpuUsage();
    redacted(body, { 'x-secret': SECRET }, 65_536);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000;
  };
  const kinds = [': comment\n', '"\n', '\\"', '"\\"', 'data: {"a":"\\n"}\n', '{'];
  for (const kind of kinds) {
    const bodyOf = (size: number): string => kind.repeat(size / kind.length);
    cpu(bodyOf(20_000));
    const small = Math.max(2, Math.min(cpu(bodyOf(60_000)), cpu(bodyOf(60_000))));
    const large = Math.min(cpu(bodyOf(960_000)), cpu(bodyOf(960_000)));
    // 16 times the body: linear is 16 times the time, quadratic 256 times.
    expect([kind, large / small < 64]).toEqual([kind, true]);
  }
});

describe('bytes pass through untouched', () => {
  /** An API that echoes the request in its own bytes. */
  async function echo(
    use: (url: string, seen: { headers: IncomingHttpHeaders; body: Buffer }[]) => Promise<void>,
  ) {
    const seen: { headers: IncomingHttpHeaders; body: Buffer }[] = [];
    const server = createServer(async (request, response) => {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part);
      const body = Buffer.concat(parts);
      seen.push({ headers: request.headers, body });
      if (request.url === '/v1/moved') response.writeHead(307, { location: '/v1/elsewhere' }).end();
      else if (request.headers['accept-encoding'] === 'identity') response.end(body);
      else response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(body));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  }

  it.each([
    ['a byte order mark', [0xef, 0xbb, 0xbf, 0x7b, 0x7d]],
    ['bytes that are no UTF-8', [0xff, 0x00, 0xc3, 0x28]],
    ['JSON with its blanks', [...Buffer.from('{ "a" : 1.0e0 }\r\n')]],
  ])('%s', async (_, bytes) => {
    await echo(async (upstream, seen) => {
      const recorder = await record({ upstream, dir: folder() });
      await using proxy = await serve(recorder);
      const init = { method: 'POST', headers: HEADERS, body: Uint8Array.from(bytes) };
      const answer = await (await fetch(`${proxy.url}/v1/messages`, init)).arrayBuffer();
      expect([...(seen[0]?.body ?? [])]).toEqual(bytes);
      expect([...new Uint8Array(answer)]).toEqual(bytes);
    });
  });

  it('a redirect, which is not followed', async () => {
    await echo(async (upstream, seen) => {
      const recorder = await record({ upstream, dir: folder() });
      await using proxy = await serve(recorder);
      const init = { method: 'POST', headers: HEADERS, body: '{}', redirect: 'manual' } as const;
      const response = await fetch(`${proxy.url}/v1/moved`, init);
      expect([response.status, response.headers.get('location')]).toEqual([307, '/v1/elsewhere']);
      expect(seen).toHaveLength(1);
    });
  });
});

it('never tells the password of an upstream, nor takes one', async () => {
  for (const upstream of [
    'https://me:pass@api.test',
    'me:pass@api.test',
    'ftp://me:pass@api.test',
  ]) {
    const error = await record({ upstream, dir: folder() }).catch((reason: Error) => reason);
    expect(error).toBeInstanceOf(Error);
    expect((error as Error).message).toMatch(/upstream/);
    expect((error as Error).message).not.toMatch(/pass@|me:/);
  }
});

it('keeps the places of a fault in a recording with secrets', async () => {
  const upstream = createEmulator({
    replies: [reply.faulty(reply.text(`${SECRET} `.repeat(5)), fault.chunks(3))],
  });
  const dir = folder();
  const recorder = await record({ upstream: 'http://x', dir, fetch: upstream.fetch });
  await (await ask(recorder, {}, { headers: { ...HEADERS, 'x-secret': SECRET } })).text();
  const text = readFileSync(join(dir, '0001.jsonl'), 'utf8');
  const chunks = text
    .split('\n')
    .filter((line) => line.startsWith('{"at"'))
    .slice(0, -1);
  expect(chunks.every((line) => (JSON.parse(line).text ?? 'abc').length <= 3)).toBe(true);
  expect(text).not.toContain('SEC');
});
