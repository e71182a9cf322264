import { describe, expect, it } from 'vitest';
import { Anthropic } from '../../src/client.js';
import { ChatStore } from '../../src/react/chat-store.js';
import type { Engine, Entry } from '../../src/relay/engine.js';
import { isEnd } from '../../src/relay/engine.js';
import type { LostRun } from '../../src/relay/lost-run.js';
import { memoryEngine } from '../../src/relay/memory-engine.js';
import { createRelay, type Relay } from '../../src/relay/relay.js';
import type { OpenConnection } from '../../src/stream/follow/followed.js';
import { createEmulator, type EmulatorOptions } from '../../src/testing/index.js';
import { RunStream } from '../../src/tools/run-stream.js';
import type { RunnerOptions } from '../../src/tools/runner-options.js';
import type { ToolRunner } from '../../src/tools/tool-runner.js';
import type { ContentBlockParam, ToolResultBlockParam } from '../../src/wire/content-params.js';
import type { MessageParam } from '../../src/wire/params.js';
import { byTier } from '../support/tier.js';
import { PARAMS } from './params.js';
import { LAST_TEXT, weatherModel, weatherRunner, weatherTool } from './weather.js';

// A run whose process is gone goes on in another one, from each place that its log may end at.

/** The processes of one run. */
function open(
  process: string,
  options: RunnerOptions = {},
  emulated: Partial<EmulatorOptions> = {},
) {
  const emulator = createEmulator({ replies: weatherModel(process), ...emulated });
  const client = new Anthropic({ apiKey: 'key', fetch: emulator.fetch, maxRetries: 0 });
  const called: string[] = [];
  const weather = weatherTool((id) => called.push(id));
  const runners: ToolRunner[] = [];
  const runner = (params?: ToolRunner['params']): ToolRunner => {
    const made = weatherRunner(client, weather, { ...options, ...(params && { params }) });
    runners.push(made);
    return made;
  };
  const relay = (engine: Engine, more = {}): Relay =>
    createRelay({
      engine,
      client,
      lease: 200,
      // Each delta is an entry.
      batch: { ms: 0, bytes: 1 },
      resumeRun: (_, run) => runner(run.params as ToolRunner['params']),
      ...more,
    });
  return { emulator, called, runner, runners, relay };
}

/** The entries of an undisturbed run, but for its end. */
async function recorded(options: RunnerOptions): Promise<readonly Entry[]> {
  const engine = memoryEngine();
  // Slowly, so that early calls have their results before the next block.
  const { relay, runner } = open('old', options, { pace: { tokensPerSecond: 100 } });
  await (await relay(engine).startRun('a', runner())).untilDone();
  return entriesOf(engine);
}

async function entriesOf(engine: Engine): Promise<Entry[]> {
  return (await engine.read('a', undefined, 999)).filter((entry) => !isEnd(entry));
}

/** A log that its producers have left. */
async function leftAt(entries: readonly Entry[]): Promise<Engine> {
  const engine = memoryEngine();
  for (const epoch of new Set(entries.map((entry) => entry.epoch))) {
    const own = entries.filter((entry) => entry.epoch === epoch).map(({ payload }) => payload);
    await engine.append('a', { epoch, seq: 0 }, own, { ttl: 1e6 });
  }
  const params = [JSON.stringify(PARAMS)];
  await engine.append('a\u0000params', { epoch: 1, seq: 0 }, params, { ttl: 1e6 });
  return engine;
}

/** Over connections that bring seven events each. */
function overHttp(relay: Relay): OpenConnection {
  return async (id, signal) => {
    const headers: Record<string, string> = id === undefined ? {} : { 'last-event-id': id };
    const { body, status } = await relay.handle(
      new Request('http://relay/', { headers, signal }),
      'a',
    );
    if (body === null) return new Response(null, { status });
    let left = 8;
    let rest = '';
    const cut = new TransformStream<string, string>({
      transform(text, controller) {
        const events = (rest + text).split('\n\n');
        rest = events.pop() ?? '';
        for (const event of events) {
          controller.enqueue(`${event}\n\n`);
          if (--left === 0) return controller.terminate();
        }
      },
    });
    return new Response(
      body
        .pipeThrough(new TextDecoderStream() as never)
        .pipeThrough(cut)
        .pipeThrough(new TextEncoderStream()),
    );
  };
}

/** The blocks that the model wrote, in which turn ever, and the calls that have a result. */
const summary = (messages: readonly MessageParam[]): unknown => ({
  blocks: messages
    .filter(({ role }) => role === 'assistant')
    .flatMap(({ content }) => content as ContentBlockParam[])
    .map((block) => ({ ...block, id: undefined })),
  results: resultsOf(messages).length,
});

const resultsOf = (messages: readonly MessageParam[]): ToolResultBlockParam[] =>
  messages.flatMap(({ content }) =>
    typeof content === 'string' ? [] : content.filter((block) => block.type === 'tool_result'),
  );

/** What a call's result has to say, by what a log has of the call. */
function outcomeOf({ tool_use_id }: ToolResultBlockParam, entries: readonly Entry[]): unknown {
  const events = entries
    .map(({ payload }) => JSON.parse(payload))
    .filter(({ toolUse }) => toolUse?.id === tool_use_id);
  const result = events.find(({ type }) => type === 'millrace.tool_result')?.result;
  if (result !== undefined) return result;
  const isStarted = events.some(({ type }) => type === 'millrace.tool_start');
  const content = isStarted ? /^The outcome of this call is unknown/ : /^This call was not run/;
  return {
    type: 'tool_result',
    tool_use_id,
    content: expect.stringMatching(content),
    is_error: true,
  };
}

const sum = (numbers: readonly (number | undefined)[]): number =>
  numbers.reduce<number>((total, it) => total + (it ?? 0), 0);

/** The input tokens of the responses that a log has. */
const startedIn = (entries: readonly Entry[]): number[] =>
  entries
    .map(({ payload }) => JSON.parse(payload))
    .flatMap(({ type, message }) => (type === 'message_start' ? message.usage.input_tokens : []));

const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

const VARIANTS: readonly [name: string, options: RunnerOptions][] = [
  ['whose tools run after their turn', {}],
  ['whose tools run early', { eager: true }],
];

/** Takes a log over that ends somewhere. @returns the entries after that. */
async function check(past: readonly Entry[], options: RunnerOptions, whole: ToolRunner) {
  const engine = await leftAt(past);
  const process = `new${past.length}`;
  const { relay: make, called, runner, runners, emulator } = open(process, options);
  let lost: LostRun | undefined;
  const relay = make(engine, {
    resumeRun: (_: string, run: LostRun) => {
      lost = run;
      return runner(run.params as ToolRunner['params']);
    },
  });
  const served = await relay.followRun('a');
  const followers = [
    await relay.followRun('a'),
    RunStream.follow(overHttp(relay)),
    RunStream.from(served.toResponse()),
  ];
  const chat = new ChatStore(PARAMS.messages, {
    open: async () => Response.error(),
    decide: undefined,
  });
  const chatting = chat.follow(overHttp(relay));
  const texts = await Promise.all(followers.map((run) => run.getFinalText()));
  const late = await relay.followRun('a');
  texts.push(await late.getFinalText());
  expect(texts, `after ${past.length} entries`).toEqual(Array(4).fill(LAST_TEXT));
  const { messages, usage } = late;
  for (const other of followers) expect(other).toMatchObject({ messages, usage });
  await chatting;
  expect(chat.state()).toMatchObject({
    status: 'ready',
    messages: [...PARAMS.messages, ...messages],
  });
  expect(Object.values(chat.state().calls).filter(({ state }) => state !== 'done')).toEqual([]);
  expect(summary(messages)).toEqual(summary(whole.messages.slice(1)));
  if (lost !== undefined) {
    const spent = [lost.usage, ...runners.map((it) => it.usage)];
    expect(usage?.input_tokens).toBe(sum(spent.map((it) => it?.input_tokens)));
    if (past.at(-1)?.epoch === 1) expect(lost.usage?.input_tokens ?? 0).toBe(sum(startedIn(past)));
  }
  // The followers have what the new runner was given and made.
  expect(runners.length).toBeLessThanOrEqual(1);
  for (const runner of runners) expect(runner.messages.slice(1)).toEqual(messages);
  expect(new Set(called).size).toBe(called.length);
  const isOld = (id: string): boolean => !id.startsWith(`toolu_${process}_`);
  expect(called.filter(isOld)).toEqual([]);
  const before = resultsOf(messages).filter(({ tool_use_id }) => isOld(tool_use_id));
  for (const result of before) expect(result).toEqual(outcomeOf(result, past));
  while ((await engine.read('a\u0000params', undefined, 9)).length > 0) await turn();
  expect(emulator.requests.every(({ status }) => status === 200)).toBe(true);
  return entriesOf(engine);
}

/** The lengths that a log is cut to: each, or some of them. */
function lengths(from: number, to: number): number[] {
  const step = byTier({ fast: 3, exhaustive: 1 });
  return Array.from({ length: Math.ceil((to - from + 1) / step) }, (_, n) => from + n * step);
}

/** Some at once: each waits for a lease to expire. */
async function eachOf<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  for (let at = 0; at < items.length; at += 8) {
    await Promise.all(items.slice(at, at + 8).map(work));
  }
}

describe.each(VARIANTS)('a run %s', (_, options) => {
  it('is one run for all followers, wherever its log ends', async () => {
    const entries = await recorded(options);
    const whole = open('whole', options).runner();
    await whole.untilDone();
    expect(entries.length).toBeGreaterThan(30);
    const checkAll = async (all: readonly Entry[], from: number) => {
      const taken = new Map<number, Entry[]>();
      await eachOf(lengths(from, all.length), async (length) => {
        taken.set(length, await check(all.slice(0, length), options, whole));
      });
      return [...taken];
    };
    const taken = await checkAll(entries, 1);
    // Once more, where it ended in the first turn, in its calls, and in the last turn.
    for (const share of byTier({ fast: [0.1], exhaustive: [0.1, 0.4, 0.9] })) {
      const [length = 0, again = []] = taken.find(([at]) => at > share * entries.length) ?? [];
      await checkAll(again, length + 1);
    }
  });
});
