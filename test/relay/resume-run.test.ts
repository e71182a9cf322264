import { describe, expect, it } from 'vitest';
import { Anthropic } from '../../src/client.js';
import { APIUserAbortError, ProducerLostError } from '../../src/errors.js';
import type { Observation } from '../../src/observe.js';
import type { Engine } from '../../src/relay/engine.js';
import type { LostRun } from '../../src/relay/lost-run.js';
import { memoryEngine } from '../../src/relay/memory-engine.js';
import type { RelayOptions } from '../../src/relay/options.js';
import { createRelay } from '../../src/relay/relay.js';
import { createEmulator, type EmulatorOptions, fault } from '../../src/testing/index.js';
import type { RunStream } from '../../src/tools/run-stream.js';
import type { RunnerOptions } from '../../src/tools/runner-options.js';
import { type RunnableTool, tool } from '../../src/tools/tool.js';
import type { ToolRunner } from '../../src/tools/tool-runner.js';
import { deferred } from '../support/deferred.js';
import { PARAMS } from './params.js';
import { LAST_TEXT, weatherModel, weatherRunner, weatherTool } from './weather.js';

// When `resumeRun` is called, and what becomes of what it returns.

interface Process {
  name: string;
  relay?: Partial<RelayOptions>;
  runner?: RunnerOptions;
  emulated?: Partial<EmulatorOptions>;
  weather?: RunnableTool;
}

/** A process with a relay. */
function open(engine: Engine, { name, relay: more, runner: how, emulated, ...given }: Process) {
  const emulator = createEmulator({ replies: weatherModel(name), ...emulated });
  const client = new Anthropic({ apiKey: 'key', fetch: emulator.fetch, maxRetries: 0 });
  const called: string[] = [];
  const weather = given.weather ?? weatherTool((id) => called.push(id));
  const made: ToolRunner[] = [];
  const lost: LostRun[] = [];
  const warnings: string[] = [];
  const runner = (params: LostRun['params'] = PARAMS): ToolRunner => {
    made.push(weatherRunner(client, weather, { ...how, params }));
    return made.at(-1) as ToolRunner;
  };
  const relay = createRelay({
    engine,
    client,
    lease: 300,
    resumeRun: (_, run) => {
      lost.push(run);
      return runner(run.params);
    },
    observe: (seen: Observation) => void (seen.type === 'warning' && warnings.push(seen.message)),
    ...more,
  });
  return { relay, runner, made, lost, emulator, called, warnings };
}

const stalled = { faults: [fault.stall({ event: 4 })] };

/** Resolves once a run has some event. */
async function reached(run: RunStream, type: string): Promise<void> {
  for await (const event of run.events) if (event.type === type) return;
}

const errorOf = (run: RunStream): Promise<unknown> =>
  run.getFinalMessage().then(
    () => undefined,
    (error) => error,
  );

const CLAIM = '{"tag":"abcdefgh","run":true}';

/** A run whose process has died before its first event. */
async function lostRun(): Promise<Engine> {
  const engine = memoryEngine();
  await engine.append('a', { epoch: 1, seq: 0 }, [CLAIM], { ttl: 1e6 });
  await engine.append('a\u0000params', { epoch: 1, seq: 0 }, [JSON.stringify(PARAMS)], {
    ttl: 1e6,
  });
  return engine;
}

describe('a run that is handed over', () => {
  it('goes on in another process, and its tools are aborted in this one', async () => {
    const engine = memoryEngine();
    let aborted: Promise<unknown> | undefined;
    const endless = tool({
      name: 'get_weather',
      input: { type: 'object', properties: { city: { type: 'string' } } },
      run: ({ city }, { signal, emit }) => {
        aborted = new Promise((resolve) => signal.addEventListener('abort', resolve));
        emit(city);
        return new Promise<string>(() => {});
      },
    }) as RunnableTool;
    const old = open(engine, { name: 'old', weather: endless });
    const next = open(engine, { name: 'next' });
    const own = await old.relay.startRun('a', old.runner());
    const run = await next.relay.followRun('a');
    const text = own.getFinalText();
    await reached(await next.relay.followRun('a'), 'tool_update');
    const other = run.getFinalText();
    await old.relay.drain();
    expect([await text, await other]).toEqual([LAST_TEXT, LAST_TEXT]);
    await aborted;
    expect(own.messages).toEqual(run.messages);
    expect(JSON.stringify(run.messages)).toContain('The outcome of this call is unknown');
    expect(next.lost[0]?.messages).toHaveLength(2);
    expect(next.called).toEqual(['toolu_next_1']);
    expect(old.lost).toEqual([]);
  });

  it('goes on once the tools that run have ended, where drain lets them', async () => {
    const engine = memoryEngine();
    const ends: (() => void)[] = [];
    const started: string[] = [];
    const slow = tool({
      name: 'get_weather',
      input: { type: 'object', properties: { city: { type: 'string' } } },
      run: ({ city = '' }, { emit }) => {
        started.push(city);
        emit(city);
        return new Promise<string>((resolve) => ends.push(() => resolve(`18 °C in ${city}`)));
      },
    }) as RunnableTool;
    const old = open(engine, { name: 'old', weather: slow, runner: { approve: 'ask' } });
    const next = open(engine, { name: 'next' });
    const own = await old.relay.startRun('a', old.runner());
    const text = own.getFinalText();
    void (await next.relay.followRun('a')).untilDone();
    await reached(await next.relay.followRun('a'), 'tool_approval');
    old.made[0]?.decide('toolu_old_1', true);
    await reached(await next.relay.followRun('a'), 'tool_update');
    const drained = old.relay.drain({ tools: 60_000 });
    // It is too late for this one.
    expect(old.made[0]?.decide('toolu_old_2', true)).toBe(true);
    await new Promise((resolve) => setTimeout(resolve));
    ends[0]?.();
    await drained;
    expect(await text).toBe(LAST_TEXT);
    expect(started).toEqual(['Oslo']);
    const results = JSON.stringify(own.messages[1]);
    expect(results).toContain('18 °C in Oslo');
    expect(results).toContain('This call was not run');
    expect(results).not.toContain('unknown');
    await expect(old.relay.drain({ tools: -1 })).rejects.toThrow(/tools/);
  });

  it('is resumed by one of two rivals', async () => {
    const engine = memoryEngine();
    const old = open(engine, { name: 'old', emulated: stalled });
    const rivals = ['one', 'two'].map((name) => open(engine, { name }));
    const own = await old.relay.startRun('a', old.runner());
    const runs = await Promise.all(rivals.map(({ relay }) => relay.followRun('a')));
    const texts = [own, ...runs].map((run) => run.getFinalText());
    await reached(own, 'content_block_delta');
    await old.relay.drain();
    expect(await Promise.all(texts)).toEqual([LAST_TEXT, LAST_TEXT, LAST_TEXT]);
    expect(rivals.flatMap(({ lost }) => lost)).toHaveLength(1);
    expect(rivals.flatMap(({ made }) => made)).toHaveLength(1);
  });

  it('goes on in a third process where the second one drains, too', async () => {
    const engine = memoryEngine();
    const asked = deferred();
    const answered = deferred();
    const second = open(engine, {
      name: 'second',
      relay: {
        lease: 10_000,
        resumeRun: async (_, run) => {
          asked.resolve();
          await answered.promise;
          return second.runner(run.params);
        },
      },
    });
    const first = open(engine, { name: 'first', emulated: stalled });
    const own = await first.relay.startRun('a', first.runner());
    const text = own.getFinalText();
    const leaving = await second.relay.followRun('a');
    void leaving.getFinalText().catch(() => {});
    await reached(own, 'content_block_delta');
    await first.relay.drain();
    await asked.promise;
    const third = open(engine, { name: 'third' });
    const other = (await third.relay.followRun('a')).getFinalText();
    await second.relay.drain();
    answered.resolve();
    expect([await text, await other]).toEqual([LAST_TEXT, LAST_TEXT]);
    expect(third.made).toHaveLength(1);
    expect(second.called).toEqual([]);
  });
});

describe('without a runner', () => {
  const ENDS: readonly [
    how: string,
    options: Partial<RelayOptions>,
    warning: RegExp | undefined,
  ][] = [
    ['there is no resumeRun', { resumeRun: undefined }, undefined],
    ['resumeRun returns undefined', { resumeRun: () => undefined }, undefined],
    ['it may not be taken over', { takeover: 0 }, undefined],
    [
      'resumeRun throws',
      { resumeRun: () => Promise.reject(new Error('no database')) },
      /no database/,
    ],
    [
      'resumeRun returns no runner',
      { resumeRun: () => ({}) as never },
      /must return a runner, such as client.messages.toolRunner/,
    ],
    [
      'the params are not stored',
      { resumeRun: (_, run) => ({ ...run.params }) as never },
      /the params of this run are not stored: leave keepParams on/,
    ],
  ];

  it.each(ENDS)('%s: the run ends', async (_, options, warning) => {
    const engine = await lostRun();
    await engine.remove('a\u0000params');
    const { relay, emulator, warnings } = open(engine, { name: 'a', relay: options });
    const error = await errorOf(await relay.followRun('a'));
    expect(error).toBeInstanceOf(ProducerLostError);
    if (warning !== undefined) expect(warnings[0]).toMatch(warning);
    expect(warnings.length).toBe(warning === undefined ? 0 : 1);
    expect((await relay.status('a')).error?.message).toMatch(warning ?? /is gone$/);
    expect(emulator.requests).toHaveLength(0);
  });

  it('a run whose last turn is there is complete', async () => {
    const engine = memoryEngine();
    const old = open(engine, { name: 'old' });
    await (await old.relay.startRun('a', old.runner())).untilDone();
    const entries = await engine.read('a', undefined, 999);
    const payloads = entries
      .map(({ payload }) => payload)
      .filter((it) => !/run_end|"state"/.test(it));
    const left = memoryEngine();
    await left.append('a', { epoch: 1, seq: 0 }, payloads, { ttl: 1e6 });
    const relay = createRelay({ engine: left, lease: 60 });
    expect(await (await relay.followRun('a')).getFinalText()).toBe(LAST_TEXT);
    expect((await relay.status('a')).state).toBe('complete');
  });
});

describe('resumeRun', () => {
  it('gets what the run began with and produced', async () => {
    const engine = memoryEngine();
    const old = open(engine, {
      name: 'old',
      emulated: { faults: (n) => (n === 2 ? stalled.faults : []) },
    });
    const next = open(engine, { name: 'next' });
    const own = await old.relay.startRun('a', old.runner());
    const text = own.getFinalText();
    await reached(own, 'tool_result');
    while (old.emulator.requests.length < 2) await new Promise((resolve) => setTimeout(resolve));
    const run = await next.relay.followRun('a');
    void run.untilDone();
    await old.relay.drain();
    expect(await text).toBe(LAST_TEXT);
    const [lost] = next.lost;
    expect(lost?.params).toEqual({
      ...PARAMS,
      messages: [...PARAMS.messages, ...(lost?.messages ?? [])],
    });
    expect(lost?.messages.map(({ role }) => role)).toEqual(['assistant', 'user']);
    expect(lost?.usage?.output_tokens).toBeGreaterThan(0);
  });

  it('has one lease to answer: then another process is asked, and its runner is closed unread', async () => {
    const engine = await lostRun();
    let answer = (_: ToolRunner): void => {};
    const slow = open(engine, {
      name: 'slow',
      relay: {
        resumeRun: () =>
          new Promise((resolve) => {
            answer = resolve;
          }),
      },
    });
    const first = await slow.relay.followRun('a');
    const text = first.getFinalText();
    while ((await engine.read('a', undefined, 9)).length < 2)
      await new Promise((r) => setTimeout(r));
    const next = open(engine, { name: 'next' });
    expect(await (await next.relay.followRun('a')).getFinalText()).toBe(LAST_TEXT);
    expect(await text).toBe(LAST_TEXT);
    const late = slow.runner();
    answer(late);
    expect(await errorOf(late as never)).toBeInstanceOf(APIUserAbortError);
    expect(slow.emulator.requests).toHaveLength(0);
  });

  it('is called as often as a run may be taken over', async () => {
    const engine = memoryEngine();
    const all = ['1', '2', '3'].map((name) =>
      open(engine, { name, emulated: stalled, relay: { takeover: 1 } }),
    );
    const [first, second, third] = all as [(typeof all)[0], (typeof all)[0], (typeof all)[0]];
    const own = await first.relay.startRun('a', first.runner());
    const ended = errorOf(own);
    await reached(own, 'content_block_delta');
    const run = await second.relay.followRun('a');
    void run.untilDone().catch(() => {});
    await first.relay.drain();
    while (second.emulator.requests.length === 0) await new Promise((r) => setTimeout(r));
    const last = await third.relay.followRun('a');
    void last.untilDone().catch(() => {});
    await second.relay.drain();
    expect(await ended).toBeInstanceOf(ProducerLostError);
    expect([second.lost.length, third.lost.length]).toEqual([1, 0]);
  });
});

describe('a run that was taken over', () => {
  it('is stopped from any process, also while resumeRun works', async () => {
    for (const isEarly of [true, false]) {
      const engine = await lostRun();
      const next = open(engine, {
        name: 'next',
        emulated: stalled,
        relay: {
          resumeRun: async (_, run) => {
            if (isEarly) await createRelay({ engine }).stop('a', 'enough');
            return next.runner(run.params);
          },
        },
      });
      const run = await next.relay.followRun('a');
      const ended = errorOf(run);
      if (!isEarly) {
        await reached(await next.relay.followRun('a'), 'content_block_delta');
        expect(await createRelay({ engine }).stop('a', 'enough')).toBe(true);
      }
      expect(await ended).toBeInstanceOf(APIUserAbortError);
      expect(((await ended) as Error).cause).toBe('enough');
      expect(await errorOf(next.made[0] as never)).toBeInstanceOf(APIUserAbortError);
      const { requests } = next.emulator;
      expect(requests).toHaveLength(isEarly ? 0 : 1);
      if (!isEarly) expect(await requests[0]?.ended).toBe('left');
    }
  });

  it('asks for approvals in its new process', async () => {
    const engine = memoryEngine();
    const ask = { approve: 'ask' } as const;
    const old = open(engine, { name: 'old', runner: ask });
    const next = open(engine, { name: 'next', runner: ask });
    const own = await old.relay.startRun('a', old.runner());
    const text = own.getFinalText();
    await reached(own, 'tool_approval');
    const run = await next.relay.followRun('a');
    const asked: string[] = [];
    run.on('toolApproval', ({ id }) => {
      asked.push(id);
      next.made[0]?.decide(id, true);
    });
    await old.relay.drain();
    expect(await text).toBe(LAST_TEXT);
    await run.untilDone();
    // The one that was asked about before was not run, and says so.
    expect(JSON.stringify(run.messages)).toContain('This call was not run');
    expect(next.called).toEqual(['toolu_next_1']);
    expect(asked).toContain('toolu_next_1');
    expect(old.made[0]?.decide('toolu_old_1', true)).toBe(false);
  });
});
