import { createClient } from '@redis/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Anthropic } from '../../src/client.js';
import { AnthropicError } from '../../src/errors.js';
import { memoryEngine } from '../../src/relay/memory-engine.js';
import { redisEngine } from '../../src/relay/redis-engine.js';
import { createRelay, type Relay } from '../../src/relay/relay.js';
import { MessageStream } from '../../src/stream/message-stream.js';
import { createEmulator, type Fault, fault, reply } from '../../src/testing/index.js';
import { byTier } from '../support/tier.js';
import { PARAMS } from './params.js';
import { hasRedis, type RedisServer, startRedis } from './redis-server.js';

// Acceptance test 10 of the relay: many streams with random faults, and what is left of them.

const STREAMS = byTier({ fast: 60, exhaustive: 500 });
const LEASE_MS = 1_000;
/** Without repetitions: a recovery takes what repeats at the seam for an overlap. */
const TEXT = Array.from({ length: 80 }, (_, n) => `word${n}`).join(' ');

/** Numbers that follow from a seed. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 4_294_967_296) * below);
  };
}

const random = randomFrom(20_261_128);
const pick = <T>(values: readonly T[]): T => values[random(values.length)] as T;

const FAULTS: readonly (() => Fault[])[] = [
  () => [],
  () => [],
  () => [fault.cut({ event: 3 + random(20) })],
  () => [fault.reset({ event: 3 + random(20) })],
  () => [fault.stall({ event: 3 + random(20) })],
  () => [fault.error('overloaded_error', { event: 3 + random(20) })],
];

function api(): Anthropic {
  const emulator = createEmulator({
    replies: () => reply.text(TEXT),
    pace: { tokensPerSecond: 150 },
    faults: () => pick(FAULTS)(),
  });
  const timeout = { idle: 400 };
  return new Anthropic({ apiKey: 'key', fetch: emulator.fetch, maxRetries: 1, timeout });
}

const get = (relay: Relay, id: string, lastId?: string): Promise<Response> =>
  relay.handle(
    new Request('http://host/', {
      headers: lastId === undefined ? {} : { 'last-event-id': lastId },
    }),
    id,
  );

/** The ways to follow a stream. Each resolves with its whole text, or with undefined where it was left. */
const WAYS: readonly ((relay: Relay, id: string) => Promise<string | undefined>)[] = [
  (relay, id) => relay.follow(id).getFinalText(),
  (relay, id) => MessageStream.follow((lastId) => get(relay, id, lastId)).getFinalText(),
  async (relay, id) => {
    for await (const _ of relay.follow(id).textStream) break;
    return undefined;
  },
  async (relay, id) => {
    const reader = (await get(relay, id)).body?.getReader();
    for (let n = random(5); n > 0; n--) await reader?.read();
    await reader?.cancel();
    return undefined;
  },
  async (relay, id) => {
    await relay.stop(id, 'soak');
    return undefined;
  },
];

async function soak(relays: readonly Relay[]): Promise<Map<string, number>> {
  const outcomes = new Map<string, number>();
  const count = (outcome: string): unknown =>
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  const one = async (id: string): Promise<void> => {
    await pick(relays).start(id, PARAMS, { recover: pick([true, false]) });
    const ways = [0, 1, ...Array.from({ length: 3 }, () => random(WAYS.length))];
    await Promise.all(
      ways.map(async (way) => {
        await new Promise((resolve) => setTimeout(resolve, random(300)));
        try {
          const text = await (WAYS[way] as (typeof WAYS)[0])(pick(relays), id);
          if (text !== undefined) expect(text).toBe(TEXT);
          count(text === undefined ? 'left' : 'whole');
        } catch (error) {
          if (!(error instanceof AnthropicError)) throw error;
          count(error.name);
        }
      }),
    );
  };
  await Promise.all(Array.from({ length: STREAMS }, (_, n) => one(`stream ${n}`)));
  return outcomes;
}

function check(outcomes: ReadonlyMap<string, number>): void {
  const sum = [...outcomes.values()].reduce((total, count) => total + count, 0);
  expect(sum).toBe(STREAMS * 5);
  expect(outcomes.get('whole')).toBeGreaterThan(0);
  const known = ['whole', 'left', 'APIUserAbortError', 'OverloadedError', 'APITimeoutError'];
  const others = [...outcomes.keys()].filter((name) => !known.includes(name));
  for (const name of others) expect(name).toMatch(/^(APIConnection|StreamTruncated)Error$/);
}

const timers = (): number =>
  process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 50));
}

it('leaves no timer behind in memory', async () => {
  // The runner of the tests has some, too.
  const before = timers() + 2;
  const engine = memoryEngine();
  const make = (): Relay => createRelay({ engine, client: api(), lease: LEASE_MS });
  check(await soak([make(), make()]));
  // Logs wait for their ttl with timers that don't keep the process alive.
  await until(() => timers() <= before);
}, 120_000);

describe.runIf(hasRedis)('with Redis', () => {
  let redis: RedisServer;
  const clients: ReturnType<typeof createClient>[] = [];

  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(async () => {
    for (const client of clients) client.destroy();
    await redis.stop();
  });

  it('leaves no lease, no params, no channel and no connection behind', async () => {
    const make = async (): Promise<Relay> => {
      const client = createClient({ url: redis.url }).on('error', () => {});
      await client.connect();
      clients.push(client as (typeof clients)[0]);
      const engine = redisEngine(client);
      return createRelay({ engine, client: api(), lease: LEASE_MS, ttl: 60_000 });
    };
    // The runner of the tests has some, too.
    const before = timers() + 2;
    const relays = [await make(), await make(), await make()];
    const lines = (...words: string[]): string[] =>
      redis
        .cli(...words)
        .split('\n')
        .filter((line) => line !== '');
    // redis-cli is one of them.
    const connections = lines('client', 'list').length;
    check(await soak(relays));
    await until(() => lines('keys', '*:params').length === 0);
    await until(() => lines('keys', '*:beat').length === 0);
    await until(() => lines('pubsub', 'channels').length === 0);
    await until(() => lines('client', 'list').length <= connections);
    await until(() => timers() <= before);
    const logs = lines('keys', '*');
    expect(logs).toHaveLength(STREAMS);
    for (const key of logs.slice(0, 20)) expect(Number(redis.cli('pttl', key))).toBeGreaterThan(0);
  }, 180_000);
});
