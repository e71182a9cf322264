import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@redis/client';
import { Redis } from 'ioredis';
import type { Engine } from '../../src/relay/engine.js';
import { fileEngine } from '../../src/relay/file-engine.js';
import { memoryEngine } from '../../src/relay/memory-engine.js';
import { redisEngine } from '../../src/relay/redis-engine.js';
import { hasRedis, startRedis } from './redis-server.js';

/** An engine of a test's own, and engines of other processes on the same store. */
export interface TestEngine {
  engine: Engine;
  /** As another process would have it. */
  another: () => Engine | Promise<Engine>;
  close: () => void | Promise<void>;
}

type MakeEngine = () => Promise<TestEngine>;

const withRedis: Record<string, MakeEngine> = {
  'redisEngine with node-redis': async () => {
    const server = await startRedis();
    const connect = () =>
      createClient({ url: server.url })
        .on('error', () => {})
        .connect();
    const clients = [await connect()];
    return {
      engine: redisEngine(clients[0] as (typeof clients)[0]),
      another: async () => {
        const client = await connect();
        clients.push(client);
        return redisEngine(client);
      },
      close: async () => {
        for (const client of clients) client.destroy();
        await server.stop();
      },
    };
  },
  'redisEngine with ioredis': async () => {
    const server = await startRedis();
    const clients: Redis[] = [];
    const connect = (): Engine => {
      const client = new Redis(server.url).on('error', () => {});
      clients.push(client);
      return redisEngine(client);
    };
    return {
      engine: connect(),
      another: connect,
      close: async () => {
        for (const client of clients) client.disconnect();
        await server.stop();
      },
    };
  },
};

/** Every engine, by name. Those that need Redis are left out where there is none. */
export const ENGINES: Record<string, MakeEngine> = {
  memoryEngine: async () => {
    const engine = memoryEngine();
    return { engine, another: () => engine, close: () => {} };
  },
  fileEngine: async () => {
    const dir = mkdtempSync(join(tmpdir(), 'millrace-relay-'));
    return {
      engine: fileEngine(dir),
      another: () => fileEngine(dir),
      close: () => rmSync(dir, { recursive: true, force: true }),
    };
  },
  ...(hasRedis ? withRedis : {}),
};
