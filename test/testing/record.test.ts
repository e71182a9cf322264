import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import {
  createEmulator,
  type Emulator,
  fault,
  manualClock,
  record,
  replayRecordings,
  reply,
  serve,
} from '../../src/testing/index.js';
import { recordings } from '../support/recordings.js';
import { ask, HEADERS, rejection } from './ask.js';

const folder = (): string => mkdtempSync(join(tmpdir(), 'millrace-'));
const KEY = 'sk-ant-api03-secret';

/** Records an upstream's answers to some requests, over real sockets. */
async function recorded(
  upstream: Emulator,
  ...requests: object[]
): Promise<{ dir: string; sent: string[] }> {
  const dir = join(folder(), 'made');
  const sent: string[] = [];
  await using api = await serve(upstream);
  const recorder = await record({ upstream: `${api.url}/`, dir });
  await using proxy = await serve(recorder);
  for (const params of requests) {
    const response = await ask(
      { fetch: (_, init) => fetch(`${proxy.url}/v1/messages?beta=true`, init) },
      params,
      { headers: { ...HEADERS, authorization: `Bearer ${KEY}`, cookie: 'a=b' } },
    );
    sent.push(await response.text().catch(() => 'broken'));
  }
  await Promise.all(recorder.requests.map(({ ended }) => ended));
  return { dir, sent };
}

const text = (dir: string): string =>
  readdirSync(dir)
    .sort()
    .map((file) => readFileSync(join(dir, file), 'utf8'))
    .join('');

it('passes on what the upstream sends, and replays it byte for byte', async () => {
  const upstream = createEmulator({
    apiKey: KEY,
    replies: [reply.text('Grüße 🌍'), reply.error(529), reply.text('three')],
  });
  const params = [{ model: 'a' }, { model: 'b' }, { model: 'c', stream: false }];
  const { dir, sent } = await recorded(upstream, ...params);
  expect(sent[0]).toContain('message_stop');
  expect(upstream.requests).toHaveLength(3);
  expect(readdirSync(dir).sort()).toEqual(['0001.jsonl', '0002.jsonl', '0003.jsonl']);
  const again = await replayRecordings({ dir });
  for (const [at, one] of [...params.entries()].reverse()) {
    const response = await ask(again, one);
    expect([response.status, await response.text()]).toEqual([[200, 529, 200][at], sent[at]]);
    expect(response.headers.get('request-id')).toMatch(/^req_01/);
  }
  expect(again.unmatched).toEqual([]);
});

it('records no secrets: not in headers, not in bodies, not across chunks', async () => {
  const upstream = createEmulator({
    replies: [reply.faulty(reply.raw(200, {}, [`your key is ${KEY}!`]), fault.chunks(5))],
  });
  const { dir, sent } = await recorded(upstream, { system: `the key ${KEY}, not sk-ant-other-1` });
  const file = text(dir);
  expect(sent[0]).toContain('sk-ant');
  const played = await (await replayRecordings({ dir })).fetch('http://x/v1/messages', {
    method: 'POST',
    body: JSON.stringify(JSON.parse(file.split('\n')[0] ?? '').request.body),
  });
  for (const kept of [file, await played.text()]) {
    expect(kept).not.toMatch(/secret|sk-ant|api03|other/);
    expect(kept).toContain('***');
  }
  expect(file).not.toMatch(/authorization|cookie|organization-id/);
  expect(file).toContain('anthropic-ratelimit-tokens-limit');
});

it('writes the documented lines', async () => {
  const { dir } = await recorded(
    createEmulator({ replies: [reply.raw(200, { 'x-a': 'b' }, [Uint8Array.of(0xff)])] }),
    {},
  );
  const lines = text(dir)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines).toMatchObject([
    {
      request: {
        method: 'POST',
        path: '/v1/messages',
        headers: { 'anthropic-version': '2026-10-21' },
        body: { stream: true },
      },
    },
    { response: { status: 200, headers: { 'x-a': 'b' } } },
    { at: expect.any(Number), base64: '/w==' },
    { at: expect.any(Number), end: 'complete' },
  ]);
});

it('records how a body broke off, and breaks off again', async () => {
  const upstream = createEmulator({
    replies: [reply.faulty(reply.text('Hello'), fault.reset({ byte: 50 }))],
  });
  const { dir, sent } = await recorded(upstream, {});
  expect(sent).toEqual(['broken']);
  expect(text(dir)).toMatch(/"end":"broken"\}\n$/);
  expect(await rejection((await ask(await replayRecordings({ dir }))).text())).toBeInstanceOf(
    TypeError,
  );
});

it('takes recordings of one request in order, and finally the last one again', async () => {
  const replies = [reply.text('one'), reply.text('two')];
  const { dir } = await recorded(createEmulator({ replies }), { stream: false }, { stream: false });
  const again = await replayRecordings({ dir });
  const next = async () => (await (await ask(again, { stream: false })).json()).content[0].text;
  expect([await next(), await next(), await next()]).toEqual(['one', 'two', 'two']);
});

it('says which request has no match, and how the closest recording differs', async () => {
  const replies = () => reply.text('one');
  const { dir } = await recorded(
    createEmulator({ replies }),
    { model: 'a', system: 'x' },
    { model: 'b' },
  );
  const again = await replayRecordings({ dir });
  const response = await ask(again, { model: 'a', system: 'y' });
  const problem = `no recording in ${dir} matches POST /v1/messages: in the closest, 0001.jsonl, system: "x" is now "y"`;
  expect([response.status, (await response.json()).error.message]).toEqual([404, problem]);
  expect(again.unmatched).toEqual([problem]);
});

it('finds a request that differs only in fields to ignore', async () => {
  const { dir } = await recorded(createEmulator({ replies: () => reply.text('one') }), {
    metadata: { user_id: 'a' },
    system: 'x',
  });
  const status = async (ignore: string[], params: object): Promise<number> =>
    (await ask(await replayRecordings({ dir, ignore }), { system: 'x', ...params })).status;
  expect(await status([], { metadata: { user_id: 'b' } })).toBe(404);
  expect(await status(['metadata'], {})).toBe(200);
  expect(await status(['metadata.user_id'], { metadata: { user_id: 'b' } })).toBe(200);
  expect(await status(['metadata'], { system: 'y' })).toBe(404);
});

it('repeats the recorded delays with timing', async () => {
  const dir = folder();
  const lines = [
    { request: { method: 'POST', path: '/v1/messages', headers: {}, body: {} } },
    { response: { status: 200, headers: {} } },
    { at: 300, text: 'a' },
    { at: 1000, text: 'b' },
    { at: 1500, end: 'complete' },
  ];
  writeFileSync(join(dir, 'x.jsonl'), lines.map((line) => JSON.stringify(line)).join('\n'));
  const clock = manualClock();
  const timed = await replayRecordings({ dir, timing: true, clock });
  const seen: [number, string][] = [];
  let isDone = false;
  const post = { method: 'POST', body: '{}' };
  const done = timed.fetch('http://x/v1/messages', post).then(async (response) => {
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      seen.push([clock.now(), Buffer.from(chunk).toString()]);
    }
    isDone = true;
  });
  while (!isDone) {
    await Promise.race([clock.waiting(), done]);
    if (!isDone) await clock.advance(100);
  }
  expect([seen, clock.now()]).toEqual([
    [
      [300, 'a'],
      [1000, 'b'],
    ],
    1500,
  ]);
  const plain = await replayRecordings({ dir });
  expect(await (await plain.fetch('http://x/v1/messages', post)).text()).toBe('ab');
});

it('replays lists of events, each message once', async () => {
  const dir = folder();
  const spans = recordings()
    .filter(({ message }) => message !== undefined)
    .slice(0, 6);
  const lists =
    spans.length > 0 ? spans.map(({ payloads }) => payloads) : [['{"type":"message_stop"}']];
  lists.forEach((payloads, at) => {
    writeFileSync(join(dir, `${at}.jsonl`), `${payloads.join('\n')}\n`);
  });
  const again = await replayRecordings({ dir });
  for (const payloads of lists) {
    const sent = await (await ask(again)).text();
    const data = sent.split('\n').filter((line) => line.startsWith('data: '));
    expect(data.map((line) => JSON.parse(line.slice(6)))).toEqual(
      payloads.map((one) => JSON.parse(one)),
    );
  }
  expect((await (await ask(again)).json()).error.message).toMatch(/: none is left$/);
});

it('reports what is wrong with a folder or a file', async () => {
  const dir = folder();
  await expect(replayRecordings({ dir: join(dir, 'none') })).rejects.toThrow('ENOENT');
  writeFileSync(join(dir, 'a.jsonl'), '{"type":"ping"}\n{');
  await expect(replayRecordings({ dir })).rejects.toThrow('a.jsonl: line 2 is not JSON');
  writeFileSync(join(dir, 'a.jsonl'), '{"request":{}}\n');
  await expect(replayRecordings({ dir })).rejects.toThrow(
    'a.jsonl: it has no response, or no end: record it again',
  );
});

it('reports an upstream that does not answer', async () => {
  const recorder = await record({ upstream: 'http://127.0.0.1:1', dir: folder() });
  expect((await (await ask(recorder)).json()).error.message).toMatch(
    /^http:\/\/127.0.0.1:1 does not answer: /,
  );
});

it('keeps a connection that failed before a response, and replays the failure', async () => {
  const dir = folder();
  await ask(await record({ upstream: 'http://127.0.0.1:1', dir }));
  expect(text(dir)).toMatch(/^\{"request":.*\n\{"at":\d+,"end":"broken"\}\n$/);
  await expect(ask(await replayRecordings({ dir }))).rejects.toThrow('fetch failed');
});

it('keeps what a client left while the server was silent, and tells each line as it happens', async () => {
  const dir = folder();
  const lines: string[] = [];
  let resolveEnd = (): void => {};
  const ended = new Promise<void>((resolve) => {
    resolveEnd = resolve;
  });
  const onLine = (file: string, line: string): void => {
    expect(file).toBe('0001.jsonl');
    lines.push(line);
    if (line.includes('"end"')) resolveEnd();
  };
  const stall = reply.faulty(reply.text('Grüße'), fault.stall({ event: 3 }));
  await using api = await serve(createEmulator({ replies: [stall] }));
  await using proxy = await serve(await record({ upstream: api.url, dir, onLine }));
  const leave = new AbortController();
  const headers = { ...HEADERS, authorization: `Bearer ${KEY}` };
  const response = await ask(
    { fetch: (_, init) => fetch(`${proxy.url}/v1/messages`, init) },
    {},
    {
      headers,
      signal: leave.signal,
    },
  );
  await response.body?.getReader().read();
  expect(lines[1]).toMatch(/^\{"at":\d+,"response":\{"status":200/);
  leave.abort();
  await ended;
  expect(lines.at(-1)).toMatch(/^\{"at":\d+,"end":"left"\}\n$/);
  expect(lines.join('')).not.toContain(KEY);
});
