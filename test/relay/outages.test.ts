import { createClient, createSentinel } from '@redis/client';
import { Redis } from 'ioredis';
import { afterEach, describe, expect, it } from 'vitest';
import { Anthropic } from '../../src/client.js';
import { APIConnectionError } from '../../src/errors.js';
import type { Engine } from '../../src/relay/engine.js';
import { redisEngine } from '../../src/relay/redis-engine.js';
import { createRelay, type Relay } from '../../src/relay/relay.js';
import {
  createEmulator,
  type Emulator,
  type EmulatorOptions,
  fault,
  reply,
} from '../../src/testing/index.js';
import { deferred } from '../support/deferred.js';
import { PARAMS } from './params.js';
import { hasRedis, type RedisServer, startRedis, startSentinel } from './redis-server.js';

// Acceptance test 7 of the relay: what Redis does, followers don't notice.

const TEXT = Array.from({ length: 250 }, (_, n) => `word${n}`).join(' ');

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const CLIENTS: Record<string, (url: string) => Promise<Engine>> = {
  'node-redis': async (url) => {
    const client = await createClient({ url })
      .on('error', () => {})
      .connect();
    ends.push(() => client.destroy());
    return redisEngine(client);
  },
  ioredis: async (url) => {
    const client = new Redis(url).on('error', () => {});
    ends.push(() => client.disconnect());
    return redisEngine(client);
  },
};

interface Relays {
  emulator: Emulator;
  relay: Relay;
  other: Relay;
  warnings: string[];
}

interface Opened extends Relays {
  redis: RedisServer;
}

async function open(
  connect: (url: string) => Promise<Engine>,
  options: readonly string[] = [],
  emulated: Partial<EmulatorOptions> = {},
): Promise<Opened> {
  const redis = await startRedis(...options);
  ends.push(() => redis.stop());
  return { redis, ...(await openRelays(() => connect(redis.url), emulated)) };
}

/** Two processes, as far as a store can tell. */
async function openRelays(
  connect: () => Promise<Engine>,
  emulated: Partial<EmulatorOptions> = {},
): Promise<Relays> {
  const emulator = createEmulator({
    replies: () => reply.text(TEXT),
    pace: { tokensPerSecond: 100 },
    ...emulated,
  });
  const client = new Anthropic({ apiKey: 'key', fetch: emulator.fetch, maxRetries: 0 });
  const warnings: string[] = [];
  const observe = (it: { type: string; message?: string }): void => {
    warnings.push(String(it.message));
  };
  const settings = { client, lease: 5_000, observe };
  return {
    emulator,
    relay: createRelay({ ...settings, engine: await connect() }),
    other: createRelay({ ...settings, engine: await connect() }),
    warnings,
  };
}

/** Resolves once a follower has some text; its whole text is `whole`. */
async function following(relay: Relay): Promise<{ whole: Promise<string> }> {
  const some = deferred();
  const whole = (async () => {
    let text = '';
    for await (const piece of relay.follow('a').textStream) {
      text += piece;
      if (text.length > 200) some.resolve();
    }
    return text;
  })();
  await Promise.race([some.promise, whole]);
  return { whole };
}

/** The whole log is in order: one producer, nothing twice. */
async function isInOrder(engine: Engine): Promise<void> {
  const entries = await engine.read('a', undefined, 100_000);
  const seqs = entries.slice(0, -1).map(({ epoch, seq }) => [epoch, seq]);
  expect(seqs).toEqual(seqs.map((_, index) => [1, index]));
}

describe.runIf(hasRedis).each(Object.entries(CLIENTS))('with %s', (_, connect) => {
  const outages: [string, string[], (redis: RedisServer) => unknown][] = [
    [
      'subscriptions are cut',
      [],
      (redis) => {
        for (let n = 0; n < 3; n++) redis.cli('client', 'kill', 'type', 'pubsub');
      },
    ],
    [
      'Redis sleeps for 3 s',
      ['--enable-debug-command', 'yes'],
      (redis) => redis.cli('debug', 'sleep', '3'),
    ],
    [
      'Redis restarts',
      ['--appendonly', 'yes', '--appendfsync', 'always'],
      (redis) => redis.restart(),
    ],
  ];

  it.each(outages)('%s', async (_, options, cause) => {
    const { redis, relay, other } = await open(connect, options);
    const stream = await relay.start('a', PARAMS);
    const readers = await Promise.all([following(relay), following(other)]);
    await cause(redis);
    const own = stream.getFinalText();
    for (const { whole } of readers) expect(await whole).toBe(TEXT);
    expect(await own).toBe(TEXT);
    await isInOrder(await connect(redis.url));
  });

  it('loses the last entries in a failover: they are appended again', async () => {
    const { redis, relay, other, warnings } = await open(connect);
    const stream = await relay.start('a', PARAMS);
    const readers = await Promise.all([following(relay), following(other)]);
    const evaluate = (script: string): string => redis.cli('eval', script, '1', 'mr:{a}:log');
    // A replica that was behind, and becomes the master.
    evaluate("redis.call('SET', 'behind', redis.call('DUMP', KEYS[1]))");
    const before = Number(redis.cli('xlen', 'mr:{a}:log'));
    while (Number(redis.cli('xlen', 'mr:{a}:log')) < before + 3)
      await new Promise((resolve) => setTimeout(resolve, 20));
    evaluate("redis.call('RESTORE', KEYS[1], 60000, redis.call('GET', 'behind'), 'REPLACE')");
    const own = stream.getFinalText();
    for (const { whole } of readers) expect(await whole).toBe(TEXT);
    expect(await own).toBe(TEXT);
    expect(await other.follow('a').getFinalText()).toBe(TEXT);
    await isInOrder(await connect(redis.url));
    expect(warnings).toContain('the log of stream a has lost entries: they are appended again');
  });

  it('needs no reads while it is in step, and less than half a command for each event', async () => {
    const { redis, relay, other } = await open(connect);
    await relay.start('a', PARAMS);
    await following(other);
    // Those that join need none, either: the process has a copy.
    redis.cli('config', 'resetstat');
    const streams = Array.from({ length: 100 }, () => other.follow('a').getFinalText());
    await Promise.all([following(other), following(other)]);
    expect(redis.cli('info', 'commandstats')).not.toContain('cmdstat_xrange');
    const entries = async (): Promise<number> =>
      (await (await connect(redis.url)).read('a', undefined, 9_999)).length;
    const before = await entries();
    redis.cli('config', 'resetstat');
    await Promise.all(streams);
    const stats = redis.cli('info', 'commandstats');
    const calls = (name: string): number =>
      Number(new RegExp(`cmdstat_${name}:calls=(\\d+)`).exec(stats)?.[1] ?? 0);
    expect(calls('xrange')).toBe(0);
    const appended = (await entries()) - before;
    expect(appended).toBeGreaterThan(20);
    // 100 events a second; each append is one command of the client.
    expect(calls('evalsha') / (appended * 2.5)).toBeLessThan(0.5);
  });

  it('ends for all where Redis stays away', async () => {
    const faults = [fault.stall({ event: 60 })];
    const { redis, relay, other, warnings, emulator } = await open(connect, [], { faults });
    const stream = await relay.start('a', PARAMS);
    const readers = await Promise.all([following(relay), following(other)]);
    const errors = [stream.getFinalText(), ...readers.map(({ whole }) => whole)].map((it) =>
      it.catch((error) => error),
    );
    await redis.stop();
    for (const error of await Promise.all(errors)) expect(error).toBeInstanceOf(APIConnectionError);
    expect(warnings.some((it) => /can't be appended to/.test(it))).toBe(true);
    expect(await emulator.requests[0]?.ended).toBe('left');
  }, 60_000);
});

describe.runIf(hasRedis).each(Object.entries(CLIENTS))('two databases, with %s', (_, connect) => {
  it('are told apart, also where their streams have the same id', async () => {
    const redis = await startRedis();
    ends.push(() => redis.stop());
    const [engine, other] = [await connect(redis.url), await connect(`${redis.url}/1`)];
    const [seen, seenThere]: [string[], string[]] = [[], []];
    const listen = (from: Engine, into: string[]): Promise<() => void> =>
      new Promise((resolve) => {
        const stop = from.watch('a', (push) => {
          if (push === undefined) resolve(stop);
          for (const { payload } of push?.entries ?? []) into.push(payload);
        });
      });
    for (const it of [engine, other])
      await it.append('a', { epoch: 1, seq: 0 }, ['{"tag":"a"}'], { ttl: 60_000 });
    const stops = [await listen(engine, seen), await listen(other, seenThere)];
    await engine.append('a', { epoch: 1, seq: 1 }, ['{"of":0}'], { ttl: 60_000 });
    await other.append('a', { epoch: 1, seq: 1 }, ['{"of":1}'], { ttl: 60_000 });
    while (seen.length === 0 || seenThere.length === 0)
      await new Promise((resolve) => setTimeout(resolve, 5));
    expect([seen, seenThere]).toEqual([['{"of":0}'], ['{"of":1}']]);
    for (const stop of stops) stop();
  });
});

/** Clients that find their master by a sentinel. */
const SENTINELS: Record<string, (port: number) => Promise<Engine>> = {
  'node-redis': async (port) => {
    const sentinelRootNodes = [{ host: '127.0.0.1', port }];
    const client = createSentinel({ name: 'relay', sentinelRootNodes }).on('error', () => {});
    await client.connect();
    ends.push(() => client.destroy());
    return redisEngine(client);
  },
  ioredis: async (port) => {
    const sentinels = [{ host: '127.0.0.1', port }];
    const client = new Redis({ name: 'relay', sentinels }).on('error', () => {});
    ends.push(() => client.disconnect());
    return redisEngine(client);
  },
};

describe.runIf(hasRedis).each(Object.entries(SENTINELS))('a sentinel, with %s', (_, connect) => {
  it('moves the master while a stream is written', async () => {
    const sentinel = await startSentinel();
    ends.push(() => sentinel.stop());
    const { relay, other } = await openRelays(() => connect(sentinel.port));
    const stream = await relay.start('a', PARAMS);
    const readers = await Promise.all([following(relay), following(other)]);
    const master = (): string => sentinel.cli('sentinel', 'get-master-addr-by-name', 'relay');
    const before = master();
    sentinel.cli('sentinel', 'failover', 'relay');
    while (master() === before) await new Promise((resolve) => setTimeout(resolve, 50));
    const own = stream.getFinalText();
    for (const { whole } of readers) expect(await whole).toBe(TEXT);
    expect(await own).toBe(TEXT);
    await isInOrder(await connect(sentinel.port));
  }, 40_000);
});
