import { describe, expect, it } from 'vitest';
import {
  APIUserAbortError,
  type ClientOptions,
  type RunnerOptions,
  type ToolRunner,
  tool,
} from '../../src/index.js';
import { reply } from '../../src/testing/index.js';
import {
  blockStart,
  messageStart,
  textDelta,
  toolBlock,
  type WireEvent,
} from '../contract/wire.js';
import { all, failure, idle, turns } from '../stream/support.js';
import { deferred } from '../support/deferred.js';
import { byHand, CITY, type Held, PARAMS, rawReply, WORLDS, weatherTool } from './support.js';

const CALL = toolBlock(0, '{"city": "Oslo"}');
const CALLS = [...CALL, ...toolBlock(1, '{"city": "Rome"}')];

interface Phase {
  what: string;
  client?: Pick<ClientOptions, 'apiKey'>;
  options?: RunnerOptions;
  /** Takes the run there. */
  reach: (request: (n?: number) => Promise<Held>) => Promise<unknown>;
  /** How many requests are open then, and how many tools run. */
  open: number;
  running: number;
}

const PHASES: readonly Phase[] = [
  {
    what: 'while the key has not come',
    client: { apiKey: () => new Promise(() => {}) },
    reach: async () => {},
    open: 0,
    running: 0,
  },
  { what: 'before the first event', reach: (request) => request(), open: 1, running: 0 },
  {
    what: 'in the middle of an answer',
    reach: async (request) => (await request()).feed(messageStart(), ...CALL.slice(0, 2)),
    open: 1,
    running: 0,
  },
  {
    what: 'while a tool runs early',
    options: { eager: true },
    reach: async (request) => (await request()).feed(messageStart(), ...CALL),
    open: 1,
    running: 1,
  },
  {
    what: 'while tools run',
    reach: async (request) => {
      (await request()).feed(messageStart(), ...CALLS);
      (await request()).finish('tool_use');
    },
    open: 0,
    running: 2,
  },
  {
    what: 'while a call waits for its turn',
    options: { maxParallel: 1 },
    reach: async (request) => {
      (await request()).feed(messageStart(), ...CALLS);
      (await request()).finish('tool_use');
    },
    open: 0,
    running: 1,
  },
  {
    what: 'while a person decides',
    options: { approve: () => new Promise(() => {}) },
    reach: async (request) => {
      (await request()).feed(messageStart(), ...CALLS);
      (await request()).finish('tool_use');
    },
    open: 0,
    running: 0,
  },
  {
    what: 'in the second answer',
    reach: async (request) => {
      (await request()).feed(messageStart(), ...toolBlock(0, '{"city": 1}'));
      (await request()).finish('tool_use');
      (await request(1)).feed(messageStart(), ...CALL.slice(0, 1));
    },
    open: 1,
    running: 0,
  },
];

const READERS: readonly [string, (runner: ToolRunner) => Promise<unknown>][] = [
  ['the turns', (runner) => all(runner)],
  ['runner.events', (runner) => all(runner.events)],
  ['runner.textStream', (runner) => all(runner.textStream)],
  ['getFinalMessage', (runner) => runner.getFinalMessage()],
];

/** A run whose tools never answer and do not look at their signal. */
function start(
  options: RunnerOptions,
  settings?: Pick<ClientOptions, 'apiKey'>,
): {
  runner: ToolRunner;
  request: (n?: number) => Promise<Held>;
  held: () => readonly Held[];
  signals: AbortSignal[];
} {
  const { client, request, held } = byHand(settings);
  const signals: AbortSignal[] = [];
  const hang = tool({
    name: 'get_weather',
    input: CITY,
    run: (_, { signal }) => {
      signals.push(signal);
      return new Promise<string>(() => {});
    },
  });
  const runner = client.messages.toolRunner({ ...PARAMS, tools: [hang] }, options);
  return { runner, request, held, signals };
}

describe.each(PHASES)('$what', ({ client, options = {}, reach, open, running }) => {
  describe.each(READERS)('with a reader of %s', (_, read) => {
    it.each(['a signal', 'close()'])('%s ends the request and the tools', async (how) => {
      const controller = new AbortController();
      const { runner, request, held, signals } = start(
        { ...options, signal: controller.signal },
        client,
      );
      const failed = failure(read(runner));
      await reach(request);
      await idle();
      const openBefore = held().filter(({ isOpen }) => isOpen);
      expect([openBefore.length, signals.length]).toEqual([open, running]);
      const reason = new Error('the user went away');
      if (how === 'a signal') controller.abort(reason);
      else runner.close();
      const error = await failed;
      expect(error).toBeInstanceOf(APIUserAbortError);
      if (how === 'a signal') expect((error as Error).cause).toBe(reason);
      await idle();
      expect(held().filter(({ isOpen }) => isOpen)).toEqual([]);
      expect(openBefore.map(({ signal }) => signal.aborted)).toEqual(openBefore.map(() => true));
      expect(signals.map(({ aborted }) => aborted)).toEqual(signals.map(() => true));
      expect(await failure(runner.getFinalMessage())).toBeInstanceOf(APIUserAbortError);
      expect(await failure(all(runner.events))).toBeInstanceOf(APIUserAbortError);
      expect(signals).toHaveLength(running);
    });
  });
});

it('a call that is approved after the end is not made', async () => {
  const decision = deferred<boolean>();
  const { runner, request, signals } = start({ approve: () => decision.promise });
  const failed = failure(runner.getFinalMessage());
  (await request()).feed(messageStart(), ...CALL);
  (await request()).finish('tool_use');
  await idle();
  runner.close();
  decision.resolve(true);
  expect(await failed).toBeInstanceOf(APIUserAbortError);
  await idle();
  expect(signals).toEqual([]);
});

/** So many turns of the microtask queue after something happens, in which a run may be closed. */
const MOMENTS = Array.from({ length: 40 }, (_, moment) => moment);

it.each(MOMENTS)(
  'close() %i microtasks after a tool has answered ends the run for all',
  async (n) => {
    const { client, request, held } = byHand();
    const answered = deferred();
    const quick = tool({
      name: 'get_weather',
      input: CITY,
      async run() {
        answered.resolve();
        return 'Sunny';
      },
    });
    const runner = client.messages.toolRunner({ ...PARAMS, tools: [quick] });
    const failed = [runner.getFinalMessage(), all(runner), all(runner.events)].map(failure);
    const first = await request();
    first.feed(messageStart(), ...CALL);
    first.finish('tool_use');
    await answered.promise;
    await turns(n);
    runner.close();
    for (const error of await Promise.all(failed)) expect(error).toBeInstanceOf(APIUserAbortError);
    await idle();
    expect(held().filter(({ isOpen }) => isOpen)).toEqual([]);
  },
);

it.each(MOMENTS)('close() %i microtasks after the end is one end for all', async (n) => {
  const { client, request } = byHand();
  const runner = client.messages.toolRunner({ ...PARAMS, tools: [weatherTool()] });
  const outcome = (promise: Promise<unknown>): Promise<string> =>
    promise.then(
      () => 'complete',
      (error) => error.name,
    );
  const ends = [runner.getFinalMessage(), all(runner), all(runner.events)].map(outcome);
  const first = await request();
  first.feed(messageStart());
  await idle();
  first.finish();
  await turns(n);
  runner.close();
  ends.push(outcome(runner.getFinalMessage()));
  expect(new Set(await Promise.all(ends)).size).toBe(1);
});

describe.each(WORLDS)('with a server %s', (_, open) => {
  it('a run that ends in the middle of an answer leaves the server', async () => {
    const left = deferred();
    function* endless(): Generator<WireEvent> {
      try {
        yield messageStart();
        yield blockStart(0, { type: 'text', text: '' });
        for (;;) yield textDelta(0, 'on and on '.repeat(1000));
      } finally {
        left.resolve();
      }
    }
    await using world = await open([
      rawReply('tool_use', ...toolBlock(0, '{"city": 1}')),
      reply.events(endless()),
    ]);
    const params = { ...PARAMS, tools: [weatherTool()] };
    const controller = new AbortController();
    const runner = world.client.messages.toolRunner(params, { signal: controller.signal });
    const error = failure(
      (async () => {
        for await (const _ of runner.textStream) controller.abort();
      })(),
    );
    expect(await error).toBeInstanceOf(APIUserAbortError);
    await left.promise;
    expect(world.bodies).toHaveLength(2);
  });

  it('a run that ends while a tool runs sends nothing more', async () => {
    await using world = await open([
      rawReply('tool_use', ...toolBlock(0, '{"city": "Oslo"}')),
      reply.text('never'),
    ]);
    const running = deferred<AbortSignal>();
    const hang = tool({
      name: 'get_weather',
      input: CITY,
      run: (_, { signal }) => {
        running.resolve(signal);
        return new Promise<string>((resolve) =>
          signal.addEventListener('abort', () => resolve('x')),
        );
      },
    });
    const runner = world.client.messages.toolRunner({ ...PARAMS, tools: [hang] });
    const failed = failure(runner.getFinalMessage());
    const signal = await running.promise;
    runner.close();
    expect(await failed).toMatchObject({
      name: 'APIUserAbortError',
      reason: 'the run was closed',
      partialMessage: { stop_reason: 'tool_use' },
    });
    expect(signal.aborted).toBe(true);
    await idle();
    expect(world.bodies).toHaveLength(1);
    expect(runner.messages).toEqual(PARAMS.messages);
  });

  it('break stops the tools that run early', async () => {
    await using world = await open([
      reply.sequence(reply.toolUse('get_weather', { city: 'Oslo' }), reply.text('I wait.')),
    ]);
    const signals: AbortSignal[] = [];
    const hang = tool({
      name: 'get_weather',
      input: CITY,
      run: (_, { signal }) => {
        signals.push(signal);
        return new Promise<string>(() => {});
      },
    });
    const runner = world.client.messages.toolRunner({ ...PARAMS, tools: [hang] }, { eager: true });
    for await (const event of runner.events) if (event.type === 'tool_start') break;
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  });
});
