import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { createEmulator, fault, type Replies, reply, serve } from '../../src/testing/index.js';
import { answerTo } from './answers.js';
import { compile, execute } from './snippets.js';

const folder = new URL('../../examples/', import.meta.url);
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.replace('.ts', ''));

interface Run {
  /** Default: `answerTo`. */
  replies?: Replies;
  prints: readonly RegExp[];
  /** What the requests ask, as far as it is told. */
  asks?: readonly object[];
}

const STORY = 'Once upon a time.';
const prints = (...expected: RegExp[]): Run => ({ prints: expected });
/** An error that the client may retry at once. */
const failing = (type: 'rate_limit_error' | 'overloaded_error'): Replies =>
  Array.from({ length: 3 }, () =>
    reply.error(type, undefined, { headers: { 'retry-after': '0' } }),
  );

/** What each example must print. */
const RUNS: Readonly<Record<string, readonly Run[]>> = {
  basic: [prints(/^Once upon a time\.\n$/)],
  events: [
    prints(
      /^\[Stream started: msg_\w+\]\n\[Content block 0 started: text\]\nOnce upon a time\.\n/,
      /\.\n\[Content block 0 stopped\]\n\[Stop reason: end_turn\]\n\[Tokens used: \d+\]\n/,
      /\n\[Stream completed\]\n$/,
    ),
  ],
  'event-types': [
    prints(
      /^Event: message_start\nEvent: content_block_start\n(Event: content_block_delta\n)+/,
      /\nEvent: content_block_stop\nEvent: message_delta\nEvent: message_stop\n$/,
    ),
  ],
  'raw-events': [prints(/^\{"type":"message_start",.*\}\n/, /\n\{"type":"message_stop"\}\n$/)],
  'final-message': [prints(/^Once upon a time\.\n\nToken usage: \d+\nStop reason: end_turn\n$/)],
  'final-text': [prints(/^Once upon a time\.\n$/)],
  'tool-use': [
    prints(
      /^Let me see\.\n\[Tool call: get_weather\]\n\{"location":"San Francisco"\}\n/,
      /\nTool: get_weather\nInput: \{ location: 'San Francisco' \}\n$/,
    ),
  ],
  'tool-loop': [
    prints(
      /^Let me see\.\n\[get_weather \{"location":"San Francisco"\}\]\nOnce upon a time\.\n4 turns\n$/,
    ),
  ],
  'tool-runner': [
    prints(
      /Let me see\.\n\[get_weather \{"location":"San Francisco"\}\]\n/,
      /\[… asking the weather station of San Francisco\]\n\[→ 18 °C and sunny in San Francisco\]\n/,
      /Once upon a time\.\n4 turns, \d+ tokens\n$/,
    ),
  ],
  'structured-output': [
    prints(
      /\[a step: San Francisco\][\s\S]*\[a step: San Francisco\]/,
      /\rSan Francisco \(2 steps\)/,
      /\nSan Francisco: 18 minutes, 2 steps\n$/,
    ),
  ],
  snapshot: [prints(/^\rCurrent length: 0\rCurrent length: \d/, /\rCurrent length: 17\n$/)],
  usage: [prints(/^\[Input tokens: \d+\]\nOnce upon a time\.\n\[Output tokens: \d+\]\n$/)],
  progress: [prints(/^Once upon a time\.\n\n\[Tokens used: \d+\]\n\[Characters: 17\]\n$/)],
  'content-types': [
    {
      ...prints(/^\[Thinking\.\.\.\]\nLet me think\.\n\[Response:\]\nOnce upon a time\.\n$/),
      asks: [{ thinking: { type: 'adaptive' } }],
    },
  ],
  'beta-thinking': [
    {
      ...prints(/^(\[Thinking: [^\]]+\])+Once upon a time\.\n$/),
      asks: [{ thinking: { type: 'enabled', budget_tokens: 1024 } }],
    },
  ],
  'error-handling': [
    prints(/^Once upon a time\.\n$/),
    {
      replies: failing('rate_limit_error'),
      ...prints(/^\nRate limited\. Please wait and retry\.\nReceived: 0 blocks\n$/),
      asks: [{}, {}, {}],
    },
    {
      replies: failing('overloaded_error'),
      ...prints(/^\nAPI error overloaded_error: .*\nReceived: 0 blocks\n$/),
    },
    {
      replies: [reply.sequence(reply.text(STORY), reply.error('api_error'))],
      ...prints(/^Once upon a time\.\nAPI error api_error: .*\nReceived: 1 blocks\n$/),
    },
    {
      replies: [reply.faulty(reply.text(STORY), fault.cut({ event: 'content_block_delta' }))],
      ...prints(/^Once.*\nConnection lost: .*\nReceived: 1 blocks\n$/),
    },
  ],
  buffered: [prints(/^Once upon a time\.\n$/)],
  'buffered-by-hand': [prints(/^Once upon a time\.\n$/)],
  'multi-turn': [
    {
      replies: [reply.text('Hello, Alice!'), reply.text('It is Alice.')],
      ...prints(
        /^\nUser: Hi, I'm Alice\nClaude: Hello, Alice!\n\nUser: What's my name\?\nClaude: It is Alice\.\n$/,
      ),
      asks: [
        { messages: [{ role: 'user' }] },
        {
          messages: [
            { role: 'user', content: "Hi, I'm Alice" },
            { role: 'assistant', content: [{ type: 'text', text: 'Hello, Alice!' }] },
            { role: 'user', content: "What's my name?" },
          ],
        },
      ],
    },
  ],
  temperature: [{ ...prints(/^Once upon a time\.\n$/), asks: [{ temperature: 0.8 }] }],
  'system-prompt': [
    {
      ...prints(/^Once upon a time\.\n$/),
      asks: [{ system: 'You are a helpful TypeScript expert. Be concise.' }],
    },
  ],
  'raw-response': [prints(/^\[Status: 200, request id: req_\w+\]\nOnce upon a time\.\n$/)],
  interrupt: [prints(/^Once upon a time\.\n\[Stream completed\]\n$/)],
  'manual-iteration': [prints(/^Once upon a time\.\nend_turn\n$/)],
  'await-using': [prints(/^Once upon a\n$/)],
  timeouts: [prints(/^Once upon a time\.\n$/)],
  concurrent: [
    {
      replies: ({ body }) => reply.text(`You ask: ${body.messages[0]?.content}`),
      ...prints(
        /^\nQ: What is 2\+2\?\nA: You ask: What is 2\+2\?\n/,
        /\n\nQ: What is TypeScript\?\nA: You ask: What is TypeScript\?\n$/,
      ),
      asks: [{}, {}, {}],
    },
  ],
  sync: [prints(/^Once upon a time\.\n\d+ tokens\n$/)],
};

describe('the examples', () => {
  let compiled: string;

  beforeAll(async () => {
    const code = (name: string): string => readFileSync(new URL(`${name}.ts`, folder), 'utf8');
    compiled = await compile(
      names.map((name) => ({ name, code: code(name) })),
      'examples',
    );
  });

  /** The emulator, and what an example needs of the environment to talk to it. */
  async function serving(replies: Replies = answerTo) {
    const emulator = createEmulator({ replies });
    const server = await serve(emulator);
    return {
      emulator,
      env: { ANTHROPIC_API_KEY: 'test', ANTHROPIC_BASE_URL: server.url },
      [Symbol.asyncDispose]: () => server.close(),
    };
  }

  it('are all in the table of what they print, and nothing else is', () => {
    expect(Object.keys(RUNS).sort()).toEqual(names.toSorted());
  });

  it('are all in the list, and nothing else is', () => {
    const list = readFileSync(new URL('README.md', folder), 'utf8');
    const rows = [...list.matchAll(/^\| \[(.+)\.ts\]\(\1\.ts\) \| .+ \| .+ \|$/gm)];
    expect(rows.map(([, name]) => name).sort()).toEqual(names.toSorted());
  });

  const runs = names.flatMap((name) =>
    (RUNS[name] ?? []).map(
      (run, at) => [at === 0 ? name : `${name} (${at + 1})`, name, run] as const,
    ),
  );

  it.each(runs)('%s compiles, runs against a server and prints', async (_title, name, run) => {
    await using api = await serving(run.replies);
    const { stdout, stderr } = await execute(`${compiled}${name}.js`, api.env);
    expect(stderr).toBe('');
    for (const expected of run.prints) expect(stdout).toMatch(expected);
    const bodies = api.emulator.requests.map(({ body }) => body);
    if (run.asks !== undefined) expect(bodies).toMatchObject(run.asks);
  });

  it('interrupt ends the answer at Ctrl-C', async () => {
    const story = reply.faulty(reply.text(STORY), fault.stall({ event: 'content_block_delta' }));
    await using api = await serving([story]);
    const child = spawn(process.execPath, [`${compiled}interrupt.js`], {
      env: { ...process.env, ...api.env },
    });
    let printed = '';
    for (const output of [child.stdout, child.stderr]) {
      output.setEncoding('utf8').on('data', (chunk: string) => {
        printed += chunk;
      });
    }
    child.stdout.once('data', () => child.kill('SIGINT'));
    expect(await once(child, 'close')).toEqual([0, null]);
    expect(printed).toMatch(/^Once.*\n\[Streaming interrupted\]\n$/);
  });
});
