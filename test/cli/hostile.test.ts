import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { messageStart } from '../contract/wire.js';
import { HEADERS, PARAMS } from '../testing/ask.js';
import { run, start } from './command.js';
import { CTRL_D, describeTerminal, startInTerminal } from './terminal.js';

const EVIL =
  'E\u001b]52;c;ZXZpbA==\u0007\u001bP$q\u001b\\\u009b31m\u0085\u007f\u0008\u202e\u2067\u061c\u2028\ufeff';

/** What nothing that is printed may have, once the codes of the command's own styles are left out. */
const OBEYED = /(?![\n\t])\p{Cc}|\p{Bidi_Control}|[\u2028\u2029\ufeff]/u;
const OWN =
  /\p{Cc}\[(?:(?:[12349]|2[234]|29|3[12356]|39)m|\?2004[hl]|\d+[AC]|J)|\r\p{Cc}\[K|\r(?=\n|\p{Cc}\[)|\r$/gu;
const withoutOwn = (text: string): string => text.replace(OWN, '');

interface Answer {
  status?: number;
  headers?: Record<string, string>;
  body: string;
}

type Event = Record<string, unknown>;

const sse = (...events: Event[]): Answer => ({
  headers: { 'content-type': 'text/event-stream', 'request-id': 'req\u009b2J' },
  body: events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join(''),
});

const started = (fields: object = {}): Event =>
  messageStart({ model: 'm', usage: { input_tokens: 1, output_tokens: 1 }, ...fields });
const ended = (
  stop_reason: unknown = 'end_turn',
  usage: object = { output_tokens: 2 },
): Event[] => [{ type: 'message_delta', delta: { stop_reason }, usage }, { type: 'message_stop' }];
const block = (content_block: object, delta: object): Event[] => [
  { type: 'content_block_start', index: 0, content_block },
  { type: 'content_block_delta', index: 0, delta },
  { type: 'content_block_stop', index: 0 },
];
const text = (value: string): Event[] =>
  block({ type: 'text', text: '' }, { type: 'text_delta', text: value });
const failed = (error: object): string => JSON.stringify({ type: 'error', error });

/** By the prompt. */
const ANSWERS: Readonly<Record<string, Answer>> = {
  'error body': {
    status: 400,
    body: failed({ type: EVIL, message: EVIL, details: { error_code: EVIL } }),
  },
  'error page': { status: 502, headers: { 'content-type': 'text/html' }, body: `<p>${EVIL}` },
  'error event': sse(started(), {
    type: 'error',
    error: { type: EVIL, message: `${EVIL}\nmillrace: forged` },
  }),
  'no protocol': {
    headers: { 'content-type': 'text/event-stream' },
    body: `data: {"type":"${EVIL}\n\n`,
  },
  message: sse(
    started({ model: EVIL, id: EVIL }),
    ...text(EVIL),
    ...ended(EVIL, { [EVIL]: 1, a: { [EVIL]: EVIL } }),
  ),
  thinking: sse(
    started(),
    ...block({ type: 'thinking', thinking: '' }, { type: 'thinking_delta', thinking: EVIL }),
    ...ended(),
  ),
  tool: sse(
    started(),
    ...block(
      { type: 'tool_use', id: EVIL, name: EVIL, input: {} },
      { type: 'input_json_delta', partial_json: `{"a":"${EVIL}"}` },
    ),
    ...ended(),
  ),
  'odd tool': sse(
    started(),
    ...block(
      { type: 'tool_use', id: 't', name: { toString: 1 }, input: {} },
      { type: 'input_json_delta', partial_json: '{}' },
    ),
    ...ended(),
  ),
  fence: sse(started(), ...text(`\`\`\`sh\n${EVIL}\n\`\`\`\n`), ...ended()),
  redirect: { status: 307, headers: { location: `http://x.test/${encodeURI(EVIL)}` }, body: EVIL },
};

const ODD_TYPES: readonly unknown[] = [
  '__proto__',
  '__defineGetter__',
  'hasOwnProperty',
  'constructor',
  'toString',
  EVIL,
  '',
];

let url = '';
let env: Record<string, string>;
const server = createServer(async (request, response) => {
  let sent = '';
  for await (const chunk of request) sent += chunk;
  const { messages } = JSON.parse(sent);
  const { status = 200, headers = {}, body } = ANSWERS[messages.at(-1).content] as Answer;
  response.writeHead(status, { 'x-should-retry': 'false', ...headers }).end(body);
});

beforeAll(async () => {
  for (const type of ODD_TYPES) {
    const more = [
      { type, index: 0 },
      { type: 'content_block_delta', index: 0, delta: { type, text: 'x' } },
    ];
    const [first, ...rest] = text('before');
    (ANSWERS as Record<string, Answer>)[`odd ${type}`] = sse(
      started(),
      first as Event,
      ...more,
      ...rest,
      ...ended(),
    );
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  env = { ANTHROPIC_API_KEY: 'key', ANTHROPIC_BASE_URL: url, ANTHROPIC_LOG: 'debug' };
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const RUNS: [args: string[], stdout?: string][] = [
  [['error body']],
  [['error page']],
  [['error event']],
  [['no protocol']],
  [['redirect']],
  [['--usage', 'message'], `${EVIL}\n`],
  [['thinking']],
  [['tool'], `${EVIL} {"a":"${EVIL}"}\n`],
  [['odd tool']],
  [['--extract', 'fence'], `${EVIL}\n`],
  [['--smooth', 'message'], `${EVIL}\n`],
  [['--json', 'message']],
  [['--jsonl', 'tool']],
  [['tokens', 'error body']],
  [['chat', 'error event']],
  [['--timeout', EVIL, 'x']],
  [[`--${EVIL}`]],
  [['--file', `/none/${EVIL}`, 'x']],
  [['replay', `/none/${EVIL}`]],
  [['serve', '--script', `/none/${EVIL}.json`]],
  [['completion', EVIL]],
];

describe('in a pipe', () => {
  it.each(RUNS)('%j prints nothing that a terminal obeys on stderr', async (...[args, stdout]) => {
    const result = await run(args, env);
    expect(result.stderr).not.toMatch(OBEYED);
    expect(result.stderr).not.toMatch(/this is a bug|^millrace: forged|^ +at /m);
    // The model's text is the same to the byte.
    if (stdout !== undefined) expect(result.stdout).toBe(stdout);
    else expect(result.stdout).not.toMatch(OBEYED);
  });

  it('JSON has every character, escaped', async () => {
    const { stdout } = await run(['--json', 'message'], env);
    expect(JSON.parse(stdout)).toMatchObject({ model: EVIL, content: [{ text: EVIL }] });
  });

  it.each(ODD_TYPES)('events and deltas of the type %j break nothing', async (type) => {
    for (const format of [[], ['--json'], ['--jsonl'], ['--usage'], ['--smooth']]) {
      const { code, stdout, stderr } = await run([...format, `odd ${type}`], env);
      expect([code, stderr.includes('this is a bug')]).toEqual([0, false]);
      expect(stdout).toContain('before');
    }
  });
});

describeTerminal('on a terminal', () => {
  it.each(RUNS)('%j prints nothing that a terminal obeys', async (args) => {
    const command = startInTerminal(args, env);
    if (args[0] === 'chat') {
      await command.printed('> ');
      command.type(CTRL_D);
    }
    const { stdout } = await command.finished;
    expect(withoutOwn(stdout)).not.toMatch(OBEYED);
  });

  it('shows a recording without them', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'millrace-')), 'a.jsonl');
    writeFileSync(file, ANSWERS.message?.body.replaceAll('data: ', '') ?? '');
    const { stdout } = await startInTerminal(['replay', '--usage', file], env).finished;
    expect(stdout).toContain('E\ufffd]52;c;');
    expect(withoutOwn(stdout)).not.toMatch(OBEYED);
  });
});

it('serve prints short, safe lines for what anybody sends', async () => {
  const command = start(['serve', '--port', '0', '--pace', '1000000']);
  const [, address = ''] = await command.printed(/listening on (\S+)\n/);
  const post = async (path: string, body: unknown): Promise<void> => {
    const init = { method: 'POST', headers: HEADERS, body: JSON.stringify(body) };
    await (await fetch(address + path, init)).text();
  };
  await post('/v1/messages', { ...PARAMS, model: EVIL });
  await post('/v1/messages', { ...PARAMS, model: 'm'.repeat(1_000_000) });
  await post('/v1/messages', { ...PARAMS, model: { toString: 1 } });
  await post(`/v1/${encodeURIComponent(EVIL).repeat(20)}`, null);
  await command.printed(/(?:POST.*\n.*){4}/);
  command.child.kill('SIGINT');
  const { stdout, stderr } = await command.finished;
  expect(stdout + stderr).not.toMatch(OBEYED);
  expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThan(500);
});

it('record says on stderr what it could not keep', async () => {
  const dir = join(mkdtempSync(join(tmpdir(), 'millrace-')), EVIL);
  const command = start(['record', '--port', '0', '--upstream', url, dir]);
  const [, address = ''] = await command.printed(/listening on (\S+)\n/);
  const { rmSync } = await import('node:fs');
  rmSync(dir, { recursive: true });
  const answered = await run(['message', '--base-url', address], env);
  expect(answered.stdout).toBe(`${EVIL}\n`);
  await command.printed('POST');
  command.child.kill('SIGINT');
  const { stdout, stderr } = await command.finished;
  expect(stderr).toMatch(/^millrace: recording 0001\.jsonl was not kept: ENOENT.*\n$/);
  expect(stdout + stderr).not.toMatch(OBEYED);
});
