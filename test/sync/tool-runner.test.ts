import { afterAll, describe, expect, it } from 'vitest';
import type { RunnableTool, RunnerEvent, ToolContext } from '../../src/index.js';
import type {
  SyncAnthropic,
  SyncMessageStream,
  SyncRunnerOptions,
  SyncToolRunner,
} from '../../src/sync/index.js';
import { type Reply, reply } from '../../src/testing/index.js';
import { collectRaised, idle } from '../stream/support.js';
import { longRunsSuite } from '../tools/long-runs-suite.js';
import { officialCasesSuite } from '../tools/official-cases-suite.js';
import { runChangesSuite } from '../tools/run-changes-suite.js';
import { brief, isCall, REPLIES, runReaderSuite } from '../tools/run-reader-suite.js';
import { runnerSuite } from '../tools/runner-suite.js';
import { askFor, CITY } from '../tools/support.js';
import { millrace, sync } from './built.js';
import { blockingWorld, emulate, received } from './runner-world.js';
import { LIMITED, PARAMS, type Setting, setting, thrownBy } from './support.js';

describe('a blocking runner', () => {
  runnerSuite(millrace, blockingWorld, true);
  runReaderSuite(millrace, blockingWorld, true);
  runChangesSuite(millrace, blockingWorld);
  longRunsSuite(millrace, blockingWorld);
  officialCasesSuite(millrace, blockingWorld);
});

const used: Disposable[] = [];
afterAll(() => {
  for (const each of used) each[Symbol.dispose]();
});

type Work = (city: string, context: ToolContext, client: SyncAnthropic) => unknown;

interface Opened {
  runner: SyncToolRunner;
  /** The cities that the tool was called for. */
  asked: string[];
  requests: () => ReturnType<typeof received>;
}

/** A run over these replies, with a tool that does this. */
async function open(
  replies: Reply[],
  work: Work = (city) => `Sunny in ${city}`,
  options?: SyncRunnerOptions,
): Promise<Opened> {
  const baseURL = await emulate(replies);
  const client = new sync.SyncAnthropic({ ...LIMITED, baseURL });
  used.push(client);
  const asked: string[] = [];
  const tools = [weather(asked, (city, context) => work(city, context, client))];
  const runner = client.messages.toolRunner({ ...PARAMS, tools }, options);
  return { runner, asked, requests: () => received(baseURL) };
}

function weather(asked: string[], work: (city: string, context: ToolContext) => unknown) {
  return millrace.tool({
    name: 'get_weather',
    input: CITY,
    run: ({ city }, context) => {
      asked.push(city);
      return work(city, context) as string;
    },
  }) as RunnableTool;
}

const resultsIn = (events: Iterable<RunnerEvent>): unknown[] =>
  [...events].flatMap((event) => (event.type === 'tool_result' ? [event.result.content] : []));

describe('calls', () => {
  it('run one after another, each told before it runs', async () => {
    const log: string[] = [];
    const { runner } = await open(
      REPLIES,
      (city, { emit }) => {
        emit('half');
        log.push(`run ${city}`);
        return city;
      },
      { maxParallel: 2 },
    );
    for (const event of runner.events) log.push(brief(event));
    expect(log.filter((entry) => isCall(entry) || entry.startsWith('run'))).toEqual([
      ...['start a', 'run Oslo', 'update a half', 'result a Oslo'],
      ...['start b', 'run Rome', 'update b half', 'result b Rome'],
    ]);
  });

  it('start early, once the reader has come back for more', async () => {
    const log: string[] = [];
    const { runner } = await open(REPLIES, (city) => void log.push(`run ${city}`), { eager: true });
    for (const stream of runner) {
      for (const event of stream) {
        log.push('index' in event ? `${event.type} ${event.index}` : event.type);
      }
    }
    const at = log.indexOf('run Oslo');
    expect(log.slice(at - 1, at + 2)).toEqual([
      'content_block_stop 1',
      'run Oslo',
      'content_block_start 2',
    ]);
    expect(log.indexOf('run Rome')).toBeLessThan(log.indexOf('message_delta'));
  });

  it('that start early are told between their block and the next', async () => {
    const { runner } = await open(REPLIES, (city) => city, { eager: true });
    const events = [...runner.events].map(brief);
    const at = events.indexOf('start a');
    expect(events.slice(at - 1, at + 3)).toEqual([
      'content_block_stop',
      'start a',
      'result a Oslo',
      'content_block_start',
    ]);
  });

  it('that start early are told before the error that breaks their response', async () => {
    const { runner, asked } = await open(
      [reply.sequence(askFor('Oslo', 'a'), reply.text('And'), reply.error('overloaded_error'))],
      (city) => city,
      { eager: true },
    );
    const events: string[] = [];
    const error = thrownBy(() => {
      for (const event of runner.events) events.push(brief(event));
    });
    expect(error).toBeInstanceOf(millrace.OverloadedError);
    expect(events.filter(isCall)).toEqual(['start a', 'result a Oslo']);
    expect(asked).toEqual(['Oslo']);
  });

  it.each([false, true])('may use the client that they run in (eager %s)', async (eager) => {
    const { runner, requests } = await open(
      [
        reply.sequence(askFor('Oslo'), reply.text('Wait.'), askFor('Rome')),
        ...[reply.text('Sunny.'), reply.text('Rainy.'), reply.text('Done.')],
      ],
      (_, __, client) => client.messages.stream(PARAMS).getFinalText(),
      { eager },
    );
    expect(resultsIn(runner.events)).toEqual(['Sunny.', 'Rainy.']);
    expect(runner.getFinalMessage().content).toMatchObject([{ text: 'Done.' }]);
    expect(await requests()).toHaveLength(4);
  });
});

describe('a promise', () => {
  it('that a tool returned and that rejects later raises nothing', async () => {
    using raised = collectRaised();
    const { runner } = await open([askFor('Oslo'), reply.text('Done.')], () =>
      Promise.reject(new Error('late')),
    );
    expect(resultsIn(runner.events)).toEqual([
      expect.stringMatching(/^AnthropicError: the tool get_weather returned a promise, /),
    ]);
    await idle();
    expect(raised.messages).toEqual([]);
  });

  it.each([false, true])('that approve returns ends the run (eager %s)', async (eager) => {
    const approve = (async () => true) as unknown as () => boolean;
    const { runner, asked } = await open(REPLIES, undefined, { approve, eager });
    const error = thrownBy(() => runner.getFinalMessage()) as Error;
    expect(error).toBeInstanceOf(millrace.AnthropicError);
    expect(error.message).toMatch(
      /^approve returned a promise, which a blocking client can't wait for: write a function that isn't async/,
    );
    expect(asked).toEqual([]);
    for (const read of [() => [...runner.events], () => [...runner.textStream], () => [...runner]])
      expect(thrownBy(read)).toBe(error);
  });
});

describe('ending', () => {
  it.each([false, true])('close() in a tool fires its signal (eager %s)', async (eager) => {
    let opened: Opened | undefined;
    const signals: AbortSignal[] = [];
    const work: Work = (_, { signal }) => {
      signals.push(signal);
      opened?.runner.close();
    };
    opened = await open(REPLIES, work, { eager });
    const { runner, asked, requests } = opened;
    const events: string[] = [];
    const error = thrownBy(() => {
      for (const event of runner.events) events.push(brief(event));
    }) as Error;
    expect(error).toMatchObject({ name: 'APIUserAbortError', reason: 'the run was closed' });
    expect(thrownBy(() => runner.getFinalMessage())).toBe(error);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
    expect(asked).toEqual(['Oslo']);
    expect(events.filter(isCall)).toEqual(['start a']);
    expect(await requests()).toHaveLength(1);
  });

  it('break after tool_start keeps the tool from running', async () => {
    const { runner, asked } = await open(REPLIES);
    for (const event of runner.events) if (event.type === 'tool_start') break;
    expect(asked).toEqual([]);
    expect(thrownBy(() => runner.getFinalMessage())).toMatchObject({
      name: 'APIUserAbortError',
      reason: 'the reader left the run before its end',
      partialMessage: { stop_reason: 'tool_use' },
    });
    expect(asked).toEqual([]);
  });

  it('one reader can stop at tool_start, and another go on', async () => {
    const { runner, asked } = await open(REPLIES);
    const events: string[] = [];
    for (const event of runner.events) {
      if (event.type === 'tool_start' && asked.length === 0) runner.getFinalMessage();
      events.push(brief(event));
    }
    expect(asked).toEqual(['Oslo', 'Rome']);
    expect(events.filter(isCall)).toEqual(
      ['a Sunny in Oslo', 'b Sunny in Rome'].flatMap((call) => [
        `start ${call[0]}`,
        `result ${call}`,
      ]),
    );
  });

  it('frees the request in the middle of a response', async () => {
    const made: Setting = setting('endless');
    used.push(made);
    const tools = [weather([], () => '')];
    const runner = made.client.messages.toolRunner({ ...PARAMS, tools });
    for (const _ of runner.textStream) break;
    expect(await made.ask('left')).toBe('yes');
    expect(runner.messages).toEqual(PARAMS.messages);
  });

  it('using closes it, and after the end that does nothing', async () => {
    const { runner, requests } = await open(REPLIES);
    {
      using closed = runner;
      expect(closed.usage).toBeUndefined();
    }
    expect(thrownBy(() => [...runner])).toMatchObject({ reason: 'the run was closed' });
    expect(await requests()).toEqual([]);
    const other = await open(REPLIES);
    const message = other.runner.getFinalMessage();
    other.runner[Symbol.dispose]();
    expect(other.runner.getFinalMessage()).toBe(message);
  });
});

describe('reading from inside', () => {
  const INSIDE =
    'a run cannot be read from inside its own tools or approve: read it after they have returned';
  const INSIDE_STREAM =
    'a stream cannot be read from inside its own callback: read it after the callback has returned';

  const READS: readonly [how: string, read: (runner: SyncToolRunner) => unknown][] = [
    ['getFinalMessage', (runner) => runner.getFinalMessage()],
    ['textStream', (runner) => [...runner.textStream]],
  ];

  it.each(
    READS.flatMap(([how, read]) => [false, true].map((eager) => [how, eager, read] as const)),
  )('its %s, eager %s, ends the run', async (_, eager, read) => {
    let opened: Opened | undefined;
    const replies = [reply.sequence(askFor('Oslo'), reply.text('Wait.')), askFor('Rome')];
    opened = await open(replies.slice(eager ? 0 : 1), () => read(opened?.runner as never), {
      eager,
    });
    const { runner, asked } = opened;
    const error = thrownBy(() => [...runner.events]) as Error & { reason: string };
    expect(error).toBeInstanceOf(millrace.AnthropicError);
    expect(error.reason).toBe(eager ? INSIDE_STREAM : INSIDE);
    expect(asked).toHaveLength(1);
    expect(thrownBy(() => runner.getFinalMessage())).toBe(error);
  });

  it('the reader that waits for the tool is refused, and the run goes on', async () => {
    const readers: Iterator<RunnerEvent>[] = [];
    const { runner } = await open([askFor('Oslo'), reply.text('Done.')], () => readers[0]?.next());
    const reader = runner.events[Symbol.iterator]();
    readers.push(reader);
    expect(resultsIn({ [Symbol.iterator]: () => reader })).toEqual([`AnthropicError: ${INSIDE}`]);
  });

  it('a stream that is under way is refused, and its events stay in order', async () => {
    let stream: SyncMessageStream | undefined;
    const { runner } = await open(
      [reply.sequence(askFor('Oslo'), reply.text('I wait.')), reply.text('Done.')],
      () => stream?.getFinalText(),
      { eager: true },
    );
    const types: string[] = [];
    for (const turn of runner) {
      stream ??= turn;
      for (const { type } of turn) types.push(type);
      break;
    }
    expect(types.filter((type) => type !== 'content_block_delta')).toEqual([
      'message_start',
      ...['content_block_start', 'content_block_stop'],
      ...['content_block_start', 'content_block_stop'],
      ...['message_delta', 'message_stop'],
    ]);
    const { runner: other } = await open([askFor('Oslo'), reply.text('Done.')], () =>
      stream?.getFinalText(),
    );
    expect(resultsIn(other.events)).toEqual(['I wait.']);
  });
});

it('gives turns that know their output', async () => {
  const baseURL = await emulate([askFor('Oslo'), reply.text('{"city": "Oslo"}')]);
  const client = new sync.SyncAnthropic({ ...LIMITED, baseURL });
  used.push(client);
  const output_config = { format: millrace.outputFormat(CITY) };
  const tools = [weather([], () => 'Sunny')];
  const runner = client.messages.toolRunner({ ...PARAMS, tools, output_config });
  const outputs: unknown[] = [];
  for (const stream of runner) {
    expect(stream).toBeInstanceOf(sync.SyncOutputMessageStream);
    if (stream.getFinalMessage().stop_reason === 'end_turn') outputs.push(stream.getFinalOutput());
    else expect(thrownBy(() => stream.getFinalOutput())).toBeInstanceOf(millrace.OutputError);
  }
  expect(outputs).toEqual([{ city: 'Oslo' }]);
});

it('recovers a turn that breaks, where it is told to', () => {
  const made = setting('cutRun');
  used.push(made);
  const asked: string[] = [];
  const tools = [weather(asked, () => 'Sunny')];
  const runner = made.client.messages.toolRunner({ ...PARAMS, tools }, { recover: true });
  expect([...runner.textStream].join('')).toBe('Let me look outside. Done.');
  expect(asked).toEqual(['Oslo']);
  expect(runner.messages.slice(1)).toMatchObject([
    { content: [{ text: 'Let me look outside.' }, { id: 'toolu_1' }] },
    { content: [{ content: 'Sunny' }] },
    { content: [{ text: ' Done.' }] },
  ]);
});

it.each<[what: string, params: object, options: object, message: RegExp]>([
  ['no tools', {}, {}, /^no tools to run: write toolRunner\(/],
  ['maxTurns', { tools: [] }, { maxTurns: 0 }, /^maxTurns is 0: give a whole number/],
  ['a signal', { tools: [] }, { signal: AbortSignal.timeout(1e6) }, /^signal cannot cross to the/],
  ['another name', { tools: [] }, { maxTurn: 1 }, /maxTurns/],
  ['a bad request option', { tools: [] }, { maxRetries: -1 }, /maxRetries/],
  ['an option in the params', { tools: [], maxTurns: 3 }, {}, /maxTurns/],
])('says what is wrong at once: %s', (_, params, options, message) => {
  using client = new sync.SyncAnthropic({ ...LIMITED, baseURL: 'http://localhost:1' });
  expect(() => client.messages.toolRunner({ ...PARAMS, ...params } as never, options)).toThrow(
    expect.objectContaining({ name: 'AnthropicError', message: expect.stringMatching(message) }),
  );
});

it('getFinalText() and getFinalOutput() are of the last message', async () => {
  const { sky } = { sky: 'blue' };
  const baseURL = await emulate([askFor('Oslo'), reply.text(JSON.stringify({ sky }))]);
  const client = new sync.SyncAnthropic({ ...LIMITED, baseURL });
  used.push(client);
  const format = millrace.outputFormat({
    type: 'object',
    properties: { sky: { type: 'string' } },
    required: ['sky'],
  });
  const tools = [weather([], () => ({ sky }))];
  const run = client.messages.toolRunner({ ...PARAMS, tools, output_config: { format } });
  run.untilDone();
  expect(run.getFinalOutput()).toEqual({ sky });
  expect(run.getFinalText()).toBe('{"sky":"blue"}');
});
