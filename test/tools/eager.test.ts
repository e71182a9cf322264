import { expect, it } from 'vitest';
import { Anthropic, type RunnableTool, type ToolRunner, tool } from '../../src/index.js';
import { reply } from '../../src/testing/index.js';
import { blockStart, blockStop, messageStart, textDelta, toolBlock } from '../contract/wire.js';
import { all, failure, idle, rest, turns } from '../stream/support.js';
import { deferred } from '../support/deferred.js';
import { askFor, byHand, CITY, PARAMS, WORLDS } from './support.js';

/** A tool that writes down when it starts. */
function noting(log: string[], run: () => Promise<string> = async () => 'Sunny'): RunnableTool {
  return tool({
    name: 'get_weather',
    input: CITY,
    run: ({ city }) => {
      log.push(`run ${city}`);
      return run();
    },
  }) as RunnableTool;
}

const OSLO = toolBlock(0, '{"city": "Oslo"}');
const ROME = toolBlock(1, '{"city": "Rome"}');

type Read = (runner: ToolRunner) => Promise<unknown>;

/** Ways to read a run. Each is ahead of all that the server sends. */
const READERS: readonly [string, Read][] = [
  ['the turns, left unread', (runner) => all(runner)],
  [
    'the events of each turn',
    async (runner) => {
      for await (const stream of runner) await all(stream);
    },
  ],
  [
    'the text of each turn',
    async (runner) => {
      for await (const stream of runner) await all(stream.textStream);
    },
  ],
  [
    'the events of a turn, left at the first one',
    async (runner) => {
      for await (const stream of runner) for await (const _ of stream) break;
    },
  ],
  ['runner.events', (runner) => all(runner.events)],
  ['runner.textStream', (runner) => all(runner.textStream)],
  ['getFinalMessage', (runner) => runner.getFinalMessage()],
  ['all at once', (runner) => Promise.all(READERS.slice(0, -1).map(([, read]) => read(runner)))],
];

it.each(READERS)('a call starts while the model still writes: %s', async (_, read) => {
  const log: string[] = [];
  const { client, request } = byHand();
  const running = deferred<string>();
  const tools = [noting(log, () => running.promise)];
  const runner = client.messages.toolRunner({ ...PARAMS, tools }, { eager: true });
  const done = read(runner);
  const first = await request();
  first.feed(messageStart(), ...OSLO.slice(0, -1));
  await idle();
  expect(log).toEqual([]);
  first.feed(...OSLO.slice(-1));
  await idle();
  expect(log).toEqual(['run Oslo']);
  first.feed(...ROME);
  await idle();
  expect(log).toEqual(['run Oslo', 'run Rome']);
  first.finish('tool_use');
  await idle();
  running.resolve('Sunny');
  const second = await request(1);
  second.feed(messageStart(), ...toolBlock(0, '{"city": "Lima"}'));
  await idle();
  second.finish('max_tokens');
  await done;
  expect(log).toEqual(['run Oslo', 'run Rome', 'run Lima']);
  expect(runner.messages.slice(2)).toMatchObject([
    { content: [{ tool_use_id: 'toolu_0', content: 'Sunny' }, { tool_use_id: 'toolu_1' }] },
    { role: 'assistant' },
    { content: [{ content: 'Sunny' }] },
  ]);
});

it.each(READERS)(
  'without eager, no call starts before the answer is complete: %s',
  async (_, read) => {
    const log: string[] = [];
    const { client, request } = byHand();
    const runner = client.messages.toolRunner({ ...PARAMS, tools: [noting(log)] });
    const done = read(runner);
    const first = await request();
    first.feed(messageStart(), ...OSLO, ...ROME);
    await idle();
    expect(log).toEqual([]);
    first.finish('tool_use');
    const second = await request(1);
    expect(log).toEqual(['run Oslo', 'run Rome']);
    second.feed(messageStart());
    second.finish();
    await done;
  },
);

it('a reader has come back for more after the block when its call starts, however slow it is', async () => {
  const log: string[] = [];
  const { client, request } = byHand();
  const runner = client.messages.toolRunner({ ...PARAMS, tools: [noting(log)] }, { eager: true });
  const reading = (async () => {
    for await (const stream of runner) {
      for await (const event of stream) {
        await turns(50);
        log.push('index' in event ? `${event.type} ${event.index}` : event.type);
      }
    }
  })();
  const first = await request();
  first.feed(messageStart(), ...OSLO, blockStart(1, { type: 'text', text: '' }), textDelta(1, 'x'));
  first.feed(blockStop(1));
  first.finish('tool_use');
  const second = await request(1);
  second.feed(messageStart());
  second.finish();
  await reading;
  const started = log.indexOf('run Oslo');
  expect(log[started - 1]).toBe('content_block_stop 0');
  expect(log[started + 1]).toBe('content_block_start 1');
});

it('waits for each of the readers, and not for one that has gone', async () => {
  const log: string[] = [];
  const { client, request } = byHand();
  const runner = client.messages.toolRunner({ ...PARAMS, tools: [noting(log)] }, { eager: true });
  const stream = (await runner[Symbol.asyncIterator]().next()).value;
  if (stream === undefined) throw new Error('there is no turn');
  const ahead = all(stream);
  const slow = stream[Symbol.asyncIterator]();
  const asked = slow.next();
  const first = await request();
  first.feed(messageStart(), ...OSLO);
  await asked;
  await idle();
  expect(log).toEqual([]);
  await slow.next();
  await slow.next();
  await slow.next();
  await idle();
  expect(log).toEqual([]);
  await slow.return?.();
  await idle();
  expect(log).toEqual(['run Oslo']);
  first.finish('end_turn');
  await ahead;
});

it('makes no call that a reader comes past only after the end', async () => {
  const log: string[] = [];
  const { client, request } = byHand();
  const runner = client.messages.toolRunner({ ...PARAMS, tools: [noting(log)] }, { eager: true });
  const slow = runner.events[Symbol.asyncIterator]();
  const begun = slow.next();
  const final = runner.getFinalMessage();
  const first = await request();
  first.feed(messageStart(), ...OSLO);
  first.finish('max_tokens');
  await begun;
  await final;
  await rest(slow);
  expect(log).toEqual([]);
});

it.each(WORLDS)('makes each call once, whatever started it, %s', async (_, open) => {
  const log: string[] = [];
  await using world = await open([
    reply.sequence(askFor('Oslo', 'a'), askFor('Rome', 'b')),
    reply.text('Done.'),
  ]);
  const runner = world.client.messages.toolRunner(
    { ...PARAMS, tools: [noting(log)] },
    { eager: true },
  );
  await Promise.all([all(runner.events), runner.getFinalMessage()]);
  expect(log).toEqual(['run Oslo', 'run Rome']);
});

it('waits for calls that were made early where the answer is cut, and answers the others', async () => {
  const log: string[] = [];
  const { client, request } = byHand();
  const runner = client.messages.toolRunner({ ...PARAMS, tools: [noting(log)] }, { eager: true });
  const final = runner.getFinalMessage();
  const first = await request();
  first.feed(messageStart(), ...OSLO, ...toolBlock(1, '{"city": "Ro').slice(0, -1));
  first.finish('max_tokens');
  expect((await final).stop_reason).toBe('max_tokens');
  expect(log).toEqual(['run Oslo']);
  expect(runner.messages.at(-1)?.content).toMatchObject([
    { content: 'Sunny' },
    { content: 'This call was not run: the response stopped with max_tokens.', is_error: true },
  ]);
});

it('a broken stream stops the tools that run, and ends the run with its error', async () => {
  const log: string[] = [];
  const { client, request } = byHand();
  let signal: AbortSignal | undefined;
  const hang = tool({
    name: 'get_weather',
    input: CITY,
    run: (_, context) => {
      signal = context.signal;
      return new Promise<string>(() => {});
    },
  });
  const runner = client.messages.toolRunner({ ...PARAMS, tools: [hang] }, { eager: true });
  const events = failure(all(runner.events));
  const first = await request();
  first.feed(messageStart(), ...OSLO);
  await idle();
  expect(signal?.aborted).toBe(false);
  first.break();
  const error = await events;
  expect(error).toMatchObject({ name: 'APIConnectionError', partialMessage: { content: [{}] } });
  expect(signal?.aborted).toBe(true);
  expect(await failure(runner.getFinalMessage())).toBe(error);
  expect(log).toEqual([]);
});

it('what approve throws ends the run at once', async () => {
  const { client, request } = byHand();
  const runner = client.messages.toolRunner(
    { ...PARAMS, tools: [noting([])] },
    { eager: true, approve: () => Promise.reject(new Error('no terminal')) },
  );
  const failed = failure(runner.getFinalMessage());
  (await request()).feed(messageStart(), ...OSLO);
  expect(await failed).toMatchObject({ reason: 'no terminal' });
  expect((await request()).signal.aborted).toBe(true);
});

it.each([
  ['tool_use', true],
  ['end_turn', true],
  ['stop', true],
  ['tool_calls', true],
  ['stop_sequence', false],
  ['max_tokens', false],
  [null, false],
])(
  'a JSON message in place of a stream: its last call runs only where %s proves it whole',
  async (stop_reason, isRun) => {
    const log: string[] = [];
    const message = {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model: 'claude-test',
      content: [
        { type: 'tool_use', id: 'toolu_1', name: 'get_weather', input: { city: 'Oslo' } },
        { type: 'tool_use', id: 'toolu_2', name: 'get_weather', input: { city: 'Ro' } },
      ],
      stop_reason,
      stop_sequence: null,
      usage: { input_tokens: 1, output_tokens: 1 },
    };
    const client = new Anthropic({
      apiKey: 'test',
      maxRetries: 0,
      fetch: async () => Response.json(message),
    });
    const tools = [noting(log)];
    const runner = client.messages.toolRunner({ ...PARAMS, tools }, { eager: true, maxTurns: 1 });
    await runner.getFinalMessage().catch(() => {});
    expect(log).toEqual(isRun ? ['run Oslo', 'run Ro'] : ['run Oslo']);
  },
);
