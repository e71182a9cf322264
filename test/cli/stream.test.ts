import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
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
import { MESSAGE_STOP, textDelta } from '../contract/wire.js';
import { endless } from '../testing/endless.js';
import { run, start } from './command.js';

const folder = mkdtempSync(join(tmpdir(), 'millrace-'));

function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

/** No retries. */
const permanent = { headers: { 'x-should-retry': 'false' } };

const REPLIES: Readonly<Record<string, Reply>> = {
  overload: reply.error('overloaded_error', 'Overloaded', permanent),
  limit: reply.error('rate_limit_error', 'Too many', permanent),
  broken: reply.sequence(reply.text('So far'), reply.error('api_error', 'No more')),
  cut: reply.faulty(reply.text('So far it is well. And now'), fault.cut({ phase: 'text' })),
  disorder: reply.events([textDelta(0, 'Hello'), MESSAGE_STOP]),
  code: reply.text('Here:\n\n```sh\nls | wc -l\n```\n\nAnd:\n\n```\nno\n```'),
  miller: reply.text('{"name":"Ada"}'),
  mill: reply.text('{"name":7}'),
  weather: reply.sequence(reply.text('I look.'), reply.toolUse('get_weather', { city: 'Oslo' })),
};

const greeting = reply.sequence(reply.thinking('Hm.'), reply.text('Hello, **world**!'));

describe('against a server', () => {
  let emulator: Emulator;
  let server: Server;
  let env: Record<string, string>;

  beforeAll(async () => {
    emulator = createEmulator({
      apiKey: 'key',
      replies: ({ body }) => {
        const asked = JSON.stringify(body.messages);
        return Object.entries(REPLIES).find(([word]) => asked.includes(word))?.[1] ?? greeting;
      },
    });
    server = await serve(emulator);
    env = { ANTHROPIC_API_KEY: 'key', ANTHROPIC_BASE_URL: server.url };
  });

  afterAll(() => server.close());

  it('streams text to stdout, and prints one closing line on stderr', async () => {
    const { code, stdout, stderr } = await run(['Say', 'hello'], env);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'Hello, **world**!\n' });
    expect(stderr).toMatch(
      /^claude-opus-4-8 · \d+ tokens in, \d+ out · \d+\.\d\d s.* · end_turn\n$/,
    );
  });

  it('sends the params that the options set', async () => {
    const tools = [{ name: 'get_weather', input_schema: { type: 'object' } }];
    const { code } = await run(
      [
        ...['--model', 'claude-opus-4-6', '--max-tokens', '77', '--system', 'Be brief'],
        ...['--temperature', '0.5', '--thinking', '--file', file('a.txt', 'A text')],
        ...['--tools', file('tools.json', JSON.stringify(tools)), 'one', 'two'],
      ],
      env,
      'piped',
    );
    expect(code).toBe(0);
    expect(emulator.requests.at(-1)?.body).toEqual({
      model: 'claude-opus-4-6',
      max_tokens: 77,
      system: 'Be brief',
      temperature: 0.5,
      thinking: { type: 'adaptive', display: 'summarized' },
      tools,
      messages: [
        {
          role: 'user',
          content: [
            {
              type: 'document',
              source: { type: 'text', media_type: 'text/plain', data: 'A text' },
              title: 'a.txt',
            },
            { type: 'text', text: 'one two\n\npiped' },
          ],
        },
      ],
      stream: true,
    });
  });

  it('does the same as the command stream', async () => {
    const { code, stdout } = await run(['stream', 'hello'], env);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'Hello, **world**!\n' });
  });

  it('prints the message and nothing else with --json', async () => {
    const { stdout } = await run(['--json', 'hello'], env);
    expect(JSON.parse(stdout)).toMatchObject({
      type: 'message',
      stop_reason: 'end_turn',
      content: [{ type: 'thinking' }, { type: 'text', text: 'Hello, **world**!' }],
    });
  });

  it('prints what has arrived of a broken message with --json', async () => {
    const { code, stdout } = await run(['--json', 'broken'], env);
    expect(code).toBe(6);
    expect(JSON.parse(stdout)).toMatchObject({
      stop_reason: null,
      content: [{ type: 'text', text: 'So far' }],
    });
  });

  it('prints the events with --jsonl, and --record writes the same', async () => {
    const kept = join(folder, 'kept.jsonl');
    const { stdout } = await run(['--jsonl', '--record', kept, 'hello'], env);
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events[0].type).toBe('message_start');
    expect(events.at(-1)).toEqual({ type: 'message_stop' });
    expect(readFileSync(kept, 'utf8')).toBe(stdout);
    expect((await run(['replay', kept])).stdout).toBe('Hello, **world**!\n');
  });

  it('shows the input of tools', async () => {
    const { stdout, stderr } = await run(['weather'], env);
    expect(stdout).toBe('I look.\nget_weather {"city":"Oslo"}\n');
    expect(stderr).toContain('tool_use');
  });

  it('prints the first fenced block with --extract', async () => {
    expect((await run(['--extract', 'code'], env)).stdout).toBe('ls | wc -l\n');
  });

  const schema = { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] };

  it.each([
    ['in a file', () => file('schema.json', JSON.stringify(schema))],
    ['as it is', () => JSON.stringify(schema)],
  ])('asks for JSON with --schema, %s', async (_, toSchema) => {
    const { code, stdout } = await run(['--schema', toSchema(), 'miller'], env);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '{"name":"Ada"}\n' });
    expect(emulator.requests.at(-1)?.body).toMatchObject({
      output_config: { format: { type: 'json_schema', schema } },
    });
  });

  it('reports JSON that does not fit the schema, and prints it', async () => {
    const { code, stdout, stderr } = await run(['--schema', JSON.stringify(schema), 'mill'], env);
    expect({ code, stdout }).toEqual({ code: 12, stdout: '{"name":7}\n' });
    expect(stderr).toMatch(/^millrace: OutputError: /);
  });

  it.each([
    ['nowhere.json', '--schema nowhere.json: ENOENT'],
    ['{', '--schema: '],
    [file('list.json', '[]'), 'list.json: give a JSON Schema such as'],
  ])('rejects the schema %s', async (written, said) => {
    const { code, stderr } = await run(['--schema', written, 'x'], env);
    expect(code).toBe(2);
    expect(stderr).toContain(said);
  });

  it('reports that there is nothing to extract', async () => {
    const { code, stdout, stderr } = await run(['--extract', 'hello'], env);
    expect({ code, stdout }).toEqual({ code: 11, stdout: '' });
    expect(stderr).toContain('--extract: the answer has no fenced code block');
  });

  it('smooths the text with --smooth, and changes nothing else', async () => {
    for (const asked of ['hello', 'weather', 'broken']) {
      const plain = await run([asked], env);
      const smooth = await run(['--smooth', asked], env);
      expect({ ...smooth, stderr: '' }).toEqual({ ...plain, stderr: '' });
    }
    const kept = join(folder, 'smooth.jsonl');
    const { stdout } = await run(['--jsonl', 'hello'], env);
    await run(['--smooth', '--record', kept, 'hello'], env);
    const ids = /"(msg|req)_\w+"/g;
    expect(readFileSync(kept, 'utf8').replace(ids, '')).toBe(stdout.replace(ids, ''));
  });

  it('prints every counter with --usage', async () => {
    const { stderr } = await run(['--usage', 'hello'], env);
    expect(stderr).toMatch(/^input_tokens: \d+$/m);
    expect(stderr).toMatch(/^output_tokens: \d+$/m);
    expect(stderr).toMatch(/^request_id: req_\w+$/m);
  });

  it('requests the rest with --recover', async () => {
    const { code, stdout, stderr } = await run(['--recover', '--usage', 'cut'], env);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'So far it is well. And now\n' });
    expect(stderr).toMatch(/^millrace: requesting the rest: StreamTruncatedError: /m);
    expect(stderr).toMatch(/^request 2: instruct, complete, req_\w+$/m);
  });

  it('has no escape codes in a pipe', async () => {
    const { stdout, stderr } = await run(['--thinking', 'hello'], env);
    expect(stdout + stderr).not.toContain('\u001b');
    expect(stdout).not.toContain('Hm.');
  });

  it.each([
    ['an error of the API', ['overload'], {}, 6, /^millrace: OverloadedError: .*Overloaded/],
    ['too many requests', ['limit'], {}, 5, /^millrace: RateLimitError: /],
    ['a wrong key', ['hello'], { ANTHROPIC_API_KEY: 'wrong' }, 4, /AuthenticationError: HTTP 401/],
    ['a missing file', ['--file', 'nowhere', 'x'], {}, 2, /--file nowhere: ENOENT/],
    [
      'no server',
      ['--base-url', 'http://127.0.0.1:1', '--max-retries', '0', 'x'],
      {},
      7,
      /APIConn/,
    ],
    [
      'an invalid URL',
      ['--base-url', 'nowhere', 'x'],
      {},
      1,
      /baseURL is "nowhere": give an address/,
    ],
    ['no prompt', [], {}, 2, /there is no prompt: write millrace "your question"/],
    ['an unknown option', ['--colour', 'x'], {}, 2, /Unknown option '--colour'/],
    ['an invalid number', ['--max-tokens', 'many', 'x'], {}, 2, /--max-tokens is 'many'/],
    ['two formats', ['--json', '--extract', 'x'], {}, 2, /choose one of --json and --extract/],
    [
      'a file without tools',
      ['--tools', file('no.json', '{}'), 'x'],
      {},
      2,
      /no.json: give a list: \[/,
    ],
    [
      'a recording that cannot be written',
      ['--record', '/no/where', 'x'],
      {},
      2,
      /--record \/no\/where: ENOENT/,
    ],
  ] as const)('ends with an exit code for %s', async (_, args, more, expected, said) => {
    const { code, stdout, stderr } = await run([...args], { ...env, ...more });
    expect({ code, stdout }).toEqual({ code: expected, stdout: '' });
    expect(stderr).toMatch(said);
    expect(stderr).not.toContain('    at ');
  });

  it.each([
    ['cut', 9, /StreamTruncatedError: .*\n.* cut off$/m],
    ['disorder', 10, /StreamProtocolError: .*\nno answer after /],
    ['broken', 6, /InternalServerError: .*\n.* cut off$/m],
  ])(
    'prints what has arrived of an answer that is %s, and ends with %i',
    async (asked, code, said) => {
      const finished = await run([asked], env);
      expect(finished.code).toBe(code);
      expect(finished.stderr).toMatch(said);
      expect('So far it is well. And now\nHello').toContain(finished.stdout.trim());
    },
  );
});

it('replies from the emulator without a key, and says so', async () => {
  const { code, stdout, stderr } = await run(['Write a story']);
  expect(code).toBe(0);
  expect(stdout.length).toBeGreaterThan(300);
  expect(stderr).toContain(
    'ANTHROPIC_API_KEY is not set: the built-in emulator replies with a built-in story\n',
  );
  expect((await run(['Write a story'])).stdout).toBe(stdout);
});

it('shows its version', async () => {
  expect((await run(['--version'])).stdout).toBe(`${VERSION}\n`);
});

describe('in the middle of an answer', () => {
  /** Starts the command against a server that plays one reply. */
  async function asking(only: Reply, ...args: string[]) {
    const emulator = createEmulator({ replies: [only] });
    const server = await serve(emulator);
    return { emulator, server, command: start([...args, 'hello', '--base-url', server.url]) };
  }

  const stalled = reply.faulty(reply.text('so far '), fault.stall({ phase: 'between_blocks' }));

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)(
    '%s prints what has arrived, closes the request and ends with %i',
    async (signal, expected) => {
      const { emulator, server, command } = await asking(stalled);
      await command.printed('so far ');
      command.child.kill(signal);
      const { code, stdout, stderr } = await command.finished;
      expect({ code, stdout }).toEqual({ code: expected, stdout: 'so far \n' });
      expect(stderr).toContain('cut off');
      expect(await emulator.requests[0]?.ended).toBe('left');
      await server.close();
    },
  );

  it('a timeout ends it', async () => {
    const { server, command } = await asking(stalled, '--timeout', 'idle=50ms');
    const { code, stdout, stderr } = await command.finished;
    expect({ code, stdout }).toEqual({ code: 8, stdout: 'so far \n' });
    expect(stderr).toMatch(/^millrace: APITimeoutError: /);
    await server.close();
  });

  it('a broken pipe ends it quietly', async () => {
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
