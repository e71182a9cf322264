import { describe, expect, it } from 'vitest';
import { Anthropic } from '../../src/client.js';
import {
  APIUserAbortError,
  ConflictError,
  NotFoundError,
  ProducerLostError,
} from '../../src/errors.js';
import { END } from '../../src/relay/engine.js';
import { memoryEngine } from '../../src/relay/memory-engine.js';
import { createRelay, type Relay } from '../../src/relay/relay.js';
import { createEmulator, type EmulatorOptions, fault, reply } from '../../src/testing/index.js';
import { MaxTurnsError } from '../../src/tools/max-turns-error.js';
import { RunStream } from '../../src/tools/run-stream.js';
import { tool } from '../../src/tools/tool.js';
import { deferred } from '../support/deferred.js';
import { PARAMS } from './params.js';

// Runs of tools through the relay.

let calls = 0;
const weather = tool({
  name: 'get_weather',
  input: { type: 'object', properties: { city: { type: 'string' } } },
  run: async ({ city }, { emit }) => {
    calls++;
    emit(`looking at ${city}`);
    return `18 °C in ${city}`;
  },
});

const REPLIES = [
  reply.sequence(reply.text('I look. '), reply.toolUse('get_weather', { city: 'Oslo' })),
  reply.toolUse('get_weather', { city: 'Bergen' }),
  reply.text('Both are mild.'),
];

function open(emulated: Partial<EmulatorOptions> = {}, lease = 10_000) {
  const emulator = createEmulator({ replies: REPLIES, ...emulated });
  const client = new Anthropic({ apiKey: 'key', fetch: emulator.fetch, maxRetries: 0 });
  const engine = memoryEngine();
  const make = (): Relay => createRelay({ engine, client, lease });
  const runner = (options = {}) =>
    client.messages.toolRunner({ ...PARAMS, tools: [weather] }, options);
  return { relay: make(), other: make(), engine, emulator, runner };
}

interface Read {
  text: string;
  tools: string[];
  error: unknown;
}

async function readAll(run: RunStream): Promise<Read> {
  const read: Read = { text: '', tools: [], error: undefined };
  try {
    for await (const event of run.events) {
      if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') {
        read.text += event.delta.text;
      }
      if (/^tool_/.test(event.type)) read.tools.push(event.type);
    }
  } catch (error) {
    read.error = error;
  }
  return read;
}

const CLAIM = '{"tag":"abcdefgh","run":true}';

const get = (relay: Relay): Promise<Response> => relay.handle(new Request('http://host/'), 'a');

describe('a run', () => {
  it('is the same for its starter, for other processes, for late ones, and over HTTP', async () => {
    const { relay, other, runner } = open();
    calls = 0;
    const started = await relay.startRun('a', runner());
    expect(started.id).toBe('a');
    const live = [started, await other.followRun('a'), RunStream.from(await get(other))];
    const reads = await Promise.all(live.map(readAll));
    const late = [await relay.followRun('a'), RunStream.from(await get(relay))];
    reads.push(...(await Promise.all(late.map(readAll))));
    for (const read of reads) {
      expect(read.error).toBe(undefined);
      expect(read.text).toBe('I look. Both are mild.');
      expect(read.tools.filter((type) => type === 'tool_result')).toHaveLength(2);
      expect(read.tools.filter((type) => type === 'tool_update')).toHaveLength(2);
    }
    for (const run of [...live, ...late]) {
      expect(run.messages.map(({ role }) => role)).toEqual([
        'assistant',
        'user',
        'assistant',
        'user',
        'assistant',
      ]);
      expect(await run.getFinalText()).toBe('Both are mild.');
    }
    expect(calls).toBe(2);
    expect((await other.status('a')).state).toBe('complete');
  });

  it('goes on when no one reads', async () => {
    const { relay, runner } = open();
    const { id } = await relay.startRun(undefined, runner());
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    while ((await relay.status(id)).state === 'streaming') await new Promise((r) => setTimeout(r));
    expect(await (await relay.followRun(id)).getFinalText()).toBe('Both are mild.');
  });

  it('shows the stop reason of a turn with what follows it', async () => {
    const { relay, engine } = open();
    const events = [
      { type: 'millrace.run_start' },
      { type: 'message_start' },
      { type: 'message_delta', delta: { stop_reason: 'tool_use' } },
    ];
    const payloads = [
      CLAIM,
      ...events.map((event) => JSON.stringify(event)),
      '{"note":"handover"}',
    ];
    await engine.append('a', { epoch: 1, seq: 0 }, payloads, { ttl: 1e6 });
    await engine.beat('a', 1, 10_000, 1e6);
    const reader = (await get(relay)).body?.pipeThrough(new TextDecoderStream()).getReader();
    const first = await reader?.read();
    expect(first?.value).toMatch(/message_start/);
    const second = reader?.read();
    await engine.append('a', { epoch: 1, seq: 5 }, ['{"type":"message_stop"}'], { ttl: 1e6 });
    expect(first?.value).not.toMatch(/message_delta/);
    expect((await second)?.value).toMatch(/message_delta.*message_stop/s);
    await reader?.cancel();
  });

  it('is not cut by `rotate`, which is for connections', async () => {
    const { engine, runner } = open({ pace: { tokensPerSecond: 100 } });
    const relay = createRelay({ engine, rotate: 1 });
    const run = await relay.startRun('a', runner());
    expect(await run.getFinalText()).toBe('Both are mild.');
  });

  it('ends with what ended the runner', async () => {
    const { relay, runner } = open();
    const run = await relay.startRun('a', runner({ maxTurns: 1 }));
    await expect(run.getFinalMessage()).rejects.toBeInstanceOf(MaxTurnsError);
    const failing = open({ replies: [...REPLIES.slice(0, 1), reply.error(529)] });
    const failed = await failing.relay.startRun('a', failing.runner());
    await expect(failed.getFinalMessage()).rejects.toMatchObject({ status: 529 });
    await expect((await failing.other.followRun('a')).getFinalMessage()).rejects.toMatchObject({
      status: 529,
    });
    expect((await failing.relay.status('a')).state).toBe('failed');
  });

  it('is stopped from another process, with the reason', async () => {
    const { relay, other, emulator, runner } = open({ faults: [fault.stall({ event: 3 })] });
    const reading = readAll(await relay.startRun('a', runner()));
    while (emulator.requests.length === 0) await new Promise((r) => setTimeout(r));
    expect(await other.stop('a', 'enough')).toBe(true);
    const { error } = await reading;
    expect(error).toBeInstanceOf(APIUserAbortError);
    expect((error as Error).cause).toBe('enough');
    expect(await emulator.requests[0]?.ended).toBe('left');
  });

  it('is not taken over without `resumeRun`', async () => {
    const { other, engine, emulator } = open({}, 40);
    await engine.append('a', { epoch: 1, seq: 0 }, [CLAIM], { ttl: 1e6 });
    const { error } = await readAll(await other.followRun('a'));
    expect(error).toBeInstanceOf(ProducerLostError);
    expect(emulator.requests).toHaveLength(0);
  });

  it('starts a tool once its start is in the log, and not where another process has the log', async () => {
    for (const isTaken of [false, true]) {
      const { engine, emulator, runner } = open();
      calls = 0;
      const asked = deferred();
      const answered = deferred();
      const append: typeof engine.append = async (id, at, payloads, options) => {
        if (payloads.some((it) => it.includes('"millrace.tool_start"'))) {
          asked.resolve();
          await answered.promise;
        }
        return engine.append(id, at, payloads, options);
      };
      // Pushes are lost, and reads take their time: the process learns of the rival by its append.
      const slow: typeof engine = {
        ...engine,
        append,
        watch: () => () => {},
        read: async (...args) => {
          await new Promise((resolve) => setTimeout(resolve, 20));
          return engine.read(...args);
        },
      };
      const relay = createRelay({ engine: slow });
      const over = readAll(await relay.startRun('a', runner()));
      await asked.promise;
      expect(calls).toBe(0);
      if (isTaken) {
        await engine.append('a', { epoch: 2, seq: 0 }, [CLAIM], { ttl: 1e6 });
        await engine.append('a', END, [], { ttl: 1e6, end: '{"state":"complete"}' });
      }
      answered.resolve();
      const { tools } = await over;
      expect(tools.filter((type) => type === 'tool_start')).toHaveLength(isTaken ? 0 : 2);
      expect(calls).toBe(isTaken ? 0 : 2);
      expect(emulator.requests).toHaveLength(isTaken ? 1 : 3);
    }
  });

  it('has an id of its own, and is no message', async () => {
    const { relay, runner } = open();
    await relay.startRun('a', runner());
    const second = runner();
    await expect(relay.startRun('a', second)).rejects.toBeInstanceOf(ConflictError);
    await expect(second.getFinalMessage()).rejects.toBeInstanceOf(APIUserAbortError);
    await expect(relay.follow('a').getFinalText()).rejects.toThrow(/with relay.followRun\(id\)/);
    await expect(relay.followRun('x')).rejects.toBeInstanceOf(NotFoundError);
    await relay.start('b', PARAMS);
    await expect(relay.followRun('b')).rejects.toThrow(/follow it with relay.follow\(id\)/);
  });
});
