import { createClient } from '@redis/client';
import type { Engine } from '../../src/relay/engine.js';
import { redisEngine } from '../../src/relay/redis-engine.js';
import {
  createEmulator,
  type Emulator,
  type EmulatorOptions,
  fault,
  reply,
  serve,
} from '../../src/testing/index.js';
import { type Member, startMember } from './members.js';
import { PARAMS, TEXT } from './params.js';
import { type RedisServer, startRedis } from './redis-server.js';

/** An API, a Redis, and processes with relays. */
export interface Setting extends AsyncDisposable {
  emulator: Emulator;
  redis: RedisServer;
  /** The test's own look at the logs. */
  engine: Engine;
  member(options?: Record<string, unknown>): Member;
}

export async function openSetting(options: Partial<EmulatorOptions> = {}): Promise<Setting> {
  const emulator = createEmulator({ replies: () => reply.text(TEXT), ...options });
  const server = await serve(emulator);
  const redis = await startRedis();
  const client = await createClient({ url: redis.url })
    .on('error', () => {})
    .connect();
  const members: Member[] = [];
  return {
    emulator,
    redis,
    engine: redisEngine(client),
    member: (more = {}) => {
      const member = startMember({ redis: redis.url, baseURL: server.url, lease: 1_000, ...more });
      members.push(member);
      return member;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(members.map((member) => member.kill()));
      client.destroy();
      await redis.stop();
      await server.close();
    },
  };
}

/** Params whose first request stalls after some events; see `stalling`. */
export function paramsStallingAfter(events: number): typeof PARAMS {
  return { ...PARAMS, messages: [{ role: 'user', content: `Hi ${events}` }] };
}

/** Faults of an emulator for `paramsStallingAfter`. Requests for the rest are answered. */
export function stalling(): NonNullable<EmulatorOptions['faults']> {
  const seen = new Set<string>();
  return (_, { body }) => {
    const { messages } = body as typeof PARAMS;
    const first = JSON.stringify(messages[0]);
    const isFirst = !seen.has(first);
    seen.add(first);
    const events = Number(/Hi (\d+)/.exec(first)?.[1] ?? Number.NaN);
    return isFirst && events >= 0
      ? [fault.stall(events === 0 ? undefined : { event: events })]
      : [];
  };
}
