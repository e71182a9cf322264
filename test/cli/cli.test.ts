import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createEmulator,
  type Emulator,
  fault,
  type Reply,
  reply,
  type Server,
  serve,
} from '../../src/testing/index.js';
import { VERSION } from '../../src/version.js';
import { endless } from '../testing/endless.js';
import { run, start } from './command.js';

describe('against a server', () => {
  let emulator: Emulator;
  let server: Server;
  let env: Record<string, string>;

  beforeAll(async () => {
    emulator = createEmulator({
      apiKey: 'key',
      replies: ({ body }) =>
        JSON.stringify(body).includes('overload')
          ? reply.error('overloaded_error', 'Overloaded', {
              headers: { 'x-should-retry': 'false' },
            })
          : reply.sequence(reply.thinking('Hm.'), reply.text('Hello, world!')),
    });
    server = await serve(emulator);
    env = { ANTHROPIC_API_KEY: 'key', ANTHROPIC_BASE_URL: server.url };
  });

  afterAll(() => server.close());

  it('streams text to stdout, and says how it went in one line on stderr', async () => {
    const { code, stdout, stderr } = await run(['Say', 'hello'], env);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'Hello, world!\n' });
    expect(stderr).toMatch(
      /^claude-opus-4-8 · \d+ tokens in, \d+ out · first token after \d+\.\d\d s.* · end_turn · req_\w+\n$/,
    );
  });

  it('sends what the options say', async () => {
    const args = ['--model', 'claude-haiku-4-5', '--max-tokens', '77', '--system', 'Be brief'];
    const { code } = await run(
      [...args, '--temperature', '0.5', '--thinking', 'one', 'two'],
      env,
      'piped',
    );
    expect(code).toBe(0);
    expect(emulator.requests.at(-1)?.body).toEqual({
      model: 'claude-haiku-4-5',
      max_tokens: 77,
      system: 'Be brief',
      temperature: 0.5,
      thinking: { type: 'adaptive' },
      messages: [{ role: 'user', content: 'one two\n\npiped' }],
      stream: true,
    });
  });

  it('prints the message and nothing else with --json', async () => {
    const { stdout } = await run(['--json', 'hello'], env);
    expect(JSON.parse(stdout)).toMatchObject({
      type: 'message',
      content: [{ type: 'thinking' }, { type: 'text', text: 'Hello, world!' }],
    });
  });

  it('has no colour in a pipe', async () => {
    const { stdout, stderr } = await run(['hello'], env);
    expect(stdout + stderr).not.toContain('\u001b');
  });

  it.each([
    ['an error of the API', ['overload'], {}, 1, /OverloadedError: .*Overloaded/],
    ['a wrong key', ['hello'], { ANTHROPIC_API_KEY: 'wrong' }, 1, /AuthenticationError: HTTP 401/],
    ['no server', ['--base-url', 'http://127.0.0.1:1', 'x'], {}, 1, /APIConnectionError/],
    ['no prompt', [], {}, 2, /there is no prompt: write millrace "your question"/],
    ['an option that is none', ['--colour', 'x'], {}, 2, /--colour/],
    ['a number that is none', ['--max-tokens', 'many', 'x'], {}, 2, /--max-tokens is 'many'/],
    ['a file that is none', ['--replay', 'nowhere'], {}, 2, /--replay nowhere: ENOENT/],
  ] as const)('ends with an exit code for %s', async (_, args, more, expected, said) => {
    const { code, stdout, stderr } = await run([...args], { ...env, ...more });
    expect({ code, stdout }).toEqual({ code: expected, stdout: '' });
    expect(stderr).toMatch(said);
    expect(stderr).not.toContain('    at ');
  });
});

it('answers from the emulator without a key, and says so', async () => {
  const { code, stdout, stderr } = await run(['Write a story']);
  expect(code).toBe(0);
  expect(stdout.length).toBeGreaterThan(300);
  expect(stderr).toContain('there is no ANTHROPIC_API_KEY');
  expect((await run(['Write a story'])).stdout).toBe(stdout);
});

it('shows its help and its version', async () => {
  expect((await run(['--help'])).stdout).toContain('--replay FILE');
  expect((await run(['--version'])).stdout).toBe(`${VERSION}\n`);
});

describe('--replay', () => {
  const events = [
    {
      type: 'message_start',
      message: {
        id: 'msg_1',
        type: 'message',
        role: 'assistant',
        model: 'm',
        content: [],
        stop_reason: null,
        stop_sequence: null,
        usage: { input_tokens: 1, output_tokens: 1 },
      },
    },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    {
      type: 'content_block_delta',
      index: 0,
      delta: { type: 'text_delta', text: 'Recorded — once.' },
    },
    { type: 'content_block_stop', index: 0 },
    {
      type: 'message_delta',
      delta: { stop_reason: 'end_turn', stop_sequence: null },
      usage: { output_tokens: 4 },
    },
    { type: 'message_stop' },
  ];
  const lines = `${events.map((event) => JSON.stringify(event)).join('\n')}\n`;
  const sse = events
    .map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
    .join('');
  const folder = mkdtempSync(join(tmpdir(), 'millrace-'));

  it.each([
    ['JSON lines', lines, 'Recorded — once.\n'],
    ['raw SSE', sse, 'Recorded — once.\n'],
    ['several responses', lines + lines, 'Recorded — once.\nRecorded — once.\n'],
  ])('plays %s', async (name, content, expected) => {
    const file = join(folder, name);
    writeFileSync(file, content);
    const { code, stdout } = await run(['--replay', file]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expected });
  });

  it.each([
    ['an empty file', '', 'there is no event in it'],
    [
      'a line that is no event',
      '{"type":"ping"}\n{"a":1}\n',
      'event 2 is not a JSON object with a type',
    ],
  ])('refuses %s', async (name, content, said) => {
    const file = join(folder, name);
    writeFileSync(file, content);
    const { code, stderr } = await run(['--replay', file]);
    expect(code).toBe(2);
    expect(stderr).toContain(said);
  });

  it('says it where the recording was cut, and keeps what came', async () => {
    const file = join(folder, 'cut');
    writeFileSync(file, lines.split('\n').slice(0, 3).join('\n'));
    const { code, stdout, stderr } = await run(['--replay', file]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: 'Recorded — once.\n' });
    expect(stderr).toContain('StreamTruncatedError');
  });
});

describe('in the middle of an answer', () => {
  /** Starts the command against a server that plays one reply. */
  async function asking(only: Reply) {
    const emulator = createEmulator({ replies: [only] });
    const server = await serve(emulator);
    return { emulator, server, command: start(['hello', '--base-url', server.url]) };
  }

  it('Ctrl-C keeps what came, closes the request and ends with 130', async () => {
    const stalled = reply.faulty(reply.text('so far '), fault.stall({ phase: 'between_blocks' }));
    const { emulator, server, command } = await asking(stalled);
    await command.printed('so far ');
    command.child.kill('SIGINT');
    const { code, stdout, stderr } = await command.finished;
    expect({ code, stdout }).toEqual({ code: 130, stdout: 'so far \n' });
    expect(stderr).toContain('cut off');
    expect(await emulator.requests[0]?.ended).toBe('left');
    await server.close();
  });

  it('a pipe that breaks ends it quietly', async () => {
    const flood = endless();
    const { server, command } = await asking(reply.events(flood.events));
    await command.printed('and on');
    command.child.stdout?.destroy();
    const { code, stderr } = await command.finished;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    await flood.stopped;
    await server.close();
  });
});
