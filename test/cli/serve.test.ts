import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Anthropic, StreamTruncatedError } from '../../src/index.js';
import { PARAMS, rejection } from '../testing/ask.js';
import { run, start } from './command.js';

const folder = mkdtempSync(join(tmpdir(), 'millrace-'));

function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

/** Runs the command and `use`, then interrupts it. @returns its stdout. */
async function withServer(
  args: string[],
  use: (client: Anthropic) => Promise<unknown>,
): Promise<string> {
  const command = start(['serve', '--port', '0', ...args]);
  const [, url = ''] = await command.printed(/listening on (\S+)\n/);
  await use(new Anthropic({ baseURL: url, apiKey: 'test', maxRetries: 0 }));
  await command.printed('POST');
  command.child.kill('SIGINT');
  const { code, stdout, stderr } = await command.finished;
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
}

it('serves over TLS with a certificate that it writes down', async () => {
  const certificate = file('cert.pem', '');
  const flags = ['--tls', '--cert-out', certificate, '--max-streams', '1'];
  const command = start(['serve', '--port', '0', ...flags]);
  const [, baseURL = ''] = await command.printed(/listening on (https:\S+)\n/);
  const tls = { ca: readFileSync(certificate, 'utf8') };
  const client = new Anthropic({ baseURL, apiKey: 'test', maxRetries: 0, tls });
  expect((await getText(client)).length).toBeGreaterThan(300);
  command.child.kill('SIGINT');
  expect((await command.finished).code).toBe(0);
});

it('takes the options of TLS with --tls only', async () => {
  const { code, stderr } = await run(['serve', '--max-streams', '1']);
  expect(code).toBe(2);
  expect(stderr).toContain('--cert-out and --max-streams need --tls');
});

const getText = (client: Anthropic): Promise<string> =>
  client.messages.stream(PARAMS).getFinalText();

it('replies with stories, and prints a line for each request', async () => {
  const stdout = await withServer([], async (client) => {
    expect((await getText(client)).length).toBeGreaterThan(300);
  });
  expect(stdout).toMatch(
    /^listening on (http:\/\/127\.0\.0\.1:\d+)\nexport ANTHROPIC_BASE_URL=\1\nexport ANTHROPIC_API_KEY=test\nPOST \/v1\/messages · claude-opus-4-8 · stream · 200 · \d+ ms · complete\n$/,
  );
});

it('plays a JSON script in a cycle', async () => {
  const replies = ['one', [{ type: 'text', text: 'two' }], { error: 529 }];
  await withServer(['--script', file('script.json', JSON.stringify(replies))], async (client) => {
    expect([await getText(client), await getText(client)]).toEqual(['one', 'two']);
    expect(await rejection(getText(client))).toMatchObject({ status: 529 });
    expect(await getText(client)).toBe('one');
  });
});

it('fills in a missing id of a tool call in a script', async () => {
  const call = { type: 'tool_use', name: 'get_weather', input: { location: 'SF' } };
  const script = file('call.json', JSON.stringify([[call, { ...call, id: 'toolu_own' }]]));
  await withServer(['--script', script], async (client) => {
    const { content } = await client.messages.create(PARAMS);
    expect(content).toMatchObject([{ ...call, id: expect.stringMatching(/^toolu_/) }, call]);
    expect(content[1]).toHaveProperty('id', 'toolu_own');
  });
});

it('plays a module', async () => {
  const module = `export default ({ body }) => ({ kind: 'content', blocks: [{ type: 'text', text: 'for ' + body.model }], fields: {}, error: undefined });`;
  await withServer(['--script', file('script.mjs', module)], async (client) => {
    expect(await getText(client)).toBe('for claude-opus-4-8');
  });
});

it('simulates faults', async () => {
  const stdout = await withServer(['--faults', 'crlf,cut@text'], async (client) => {
    expect(await rejection(getText(client))).toBeInstanceOf(StreamTruncatedError);
  });
  expect(stdout).toContain(' · 200 · ');
});

it('plays recordings', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'millrace-'));
  const lines = [
    { request: { method: 'POST', path: '/v1/messages', headers: {}, body: PARAMS } },
    { response: { status: 200, headers: { 'content-type': 'application/json' } } },
    { at: 1, text: '{"type":"message","content":[{"type":"text","text":"kept"}]}' },
    { at: 2, end: 'complete' },
  ];
  writeFileSync(join(dir, '0001.jsonl'), lines.map((line) => JSON.stringify(line)).join('\n'));
  await withServer(['--replay', dir], async (client) => {
    expect((await client.messages.create(PARAMS)).content).toEqual([
      { type: 'text', text: 'kept' },
    ]);
  });
});

it.each([
  [['--port', 'x'], "--port is 'x': give a whole number from 0 to 65535"],
  [['--what'], '--what'],
  [['--port', '70000'], "--port is '70000': give a whole number from 0 to 65535"],
  [['--host', 'nowhere.invalid'], "can't listen on nowhere.invalid:0: "],
  [['extra'], "unexpected argument 'extra': serve takes options only"],
  [['--faults', 'explode'], "--faults: 'explode' is not a fault: write one of status=TYPE, "],
  [['--faults', 'chunks=0'], '--faults: fault.chunks() needs sizes of at least 1'],
  [['--script', file('half.json', '{')], 'half.json: '],
  [['--script', file('empty.json', '[]')], 'empty.json: give a list of replies'],
  [['--script', file('none.mjs', 'export const a = 1')], 'none.mjs: it has no default export'],
  [['--script', file('four.mjs', 'export default 4')], 'four.mjs: there are no replies: write'],
  [['--script', file('throws.mjs', 'throw new Error("boom")')], 'throws.mjs: boom'],
  [['--script', 'nowhere.json'], '--script nowhere.json: ENOENT'],
  [['--script', file('none.json', '[4]')], 'reply 1 is invalid: give a text'],
  [['--replay', 'nowhere'], '--replay nowhere: ENOENT'],
  [
    ['--replay', mkdtempSync(join(tmpdir(), 'millrace-'))],
    'there are no recordings: pass a folder',
  ],
  [['--replay', folder, '--faults', 'bom'], 'omit --script, --faults, --pace and --models'],
])('rejects %j', async (args, said) => {
  const { code, stdout, stderr } = await run(['serve', '--port', '0', ...args]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(said);
  expect(stderr).toContain('Run millrace serve --help for usage.');
});

it('shows its help', async () => {
  expect((await run(['serve', '--help'])).stdout).toContain('--faults SPEC');
});

it('knows models of a file', async () => {
  const models = file('models.json', JSON.stringify([{ id: 'claude-opus-4-8', maxTokens: 7 }]));
  await withServer(['--models', models], async (client) => {
    expect(await rejection(client.messages.create({ ...PARAMS, max_tokens: 8 }))).toMatchObject({
      apiMessage: expect.stringMatching(/^max_tokens: 8 > 7/),
    });
  });
});

it('uses what was asked in the replies that no script makes', async () => {
  await withServer(['--pace', '100000'], async (client) => {
    const first = await getText(client);
    expect(first).toMatch(/^You ask “Hello”\./);
    const messages = [
      ...PARAMS.messages,
      { role: 'assistant' as const, content: first },
      { role: 'user' as const, content: 'And then?' },
    ];
    const second = await client.messages.stream({ ...PARAMS, messages }).getFinalText();
    expect(second).toMatch(
      /^You began with “Hello”, and now you ask “And then\?”\. That is turn 2\./,
    );
  });
});

it('refuses --ignore without recordings', async () => {
  const { code, stderr } = await run(['serve', '--ignore', 'metadata']);
  expect([code, stderr]).toEqual([2, expect.stringContaining('--ignore goes with --replay DIR')]);
});
