import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient, createCluster, createSentinel } from '@redis/client';
import { Cluster, Redis } from 'ioredis';
import type { Engine } from '../../src/relay/engine.js';
import { fileEngine } from '../../src/relay/file-engine.js';
import { memoryEngine } from '../../src/relay/memory-engine.js';
import { redisEngine } from '../../src/relay/redis-engine.js';
import { hasRedis, startCluster, startRedis, startSentinel } from './redis-server.js';

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
    const { url, stop } = await startRedis();
    return closing(stop, async () => {
      const client = createClient({ url }).on('error', () => {});
      await client.connect();
      return [redisEngine(client), () => client.destroy()];
    });
  },
  'redisEngine with ioredis': async () => {
    const { url, stop } = await startRedis();
    return closing(stop, async () => {
      const client = new Redis(url).on('error', () => {});
      return [redisEngine(client), () => client.disconnect()];
    });
  },
  'redisEngine with a cluster of node-redis': async () => {
    const cluster = await startCluster();
    const rootNodes = cluster.ports.map((port) => ({ url: `redis://127.0.0.1:${port}` }));
    return closing(cluster.stop, async () => {
      const client = createCluster({ rootNodes }).on('error', () => {});
      await client.connect();
      return [redisEngine(client), () => client.destroy()];
    });
  },
  'redisEngine with a cluster of ioredis': async () => {
    const cluster = await startCluster();
    const nodes = cluster.ports.map((port) => ({ host: '127.0.0.1', port }));
    return closing(cluster.stop, async () => {
      const client = new Cluster(nodes).on('error', () => {});
      return [redisEngine(client), () => client.disconnect()];
    });
  },
  'redisEngine with a sentinel of node-redis': async () => {
    const { port, stop } = await startSentinel();
    return closing(stop, async () => {
      const sentinelRootNodes = [{ host: '127.0.0.1', port }];
      const client = createSentinel({ name: 'relay', sentinelRootNodes }).on('error', () => {});
      await client.connect();
      return [redisEngine(client), () => client.destroy()];
    });
  },
  'redisEngine with a sentinel of ioredis': async () => {
    const { port, stop } = await startSentinel();
    return closing(stop, async () => {
      const sentinels = [{ host: '127.0.0.1', port }];
      const client = new Redis({ name: 'relay', sentinels }).on('error', () => {});
      return [redisEngine(client), () => client.disconnect()];
    });
  },
};

/** Engines on one store, each with a client of its own. */
async function closing(
  stop: () => Promise<void>,
  connect: () => Promise<[engine: Engine, close: () => void]>,
): Promise<TestEngine> {
  const closes: (() => void)[] = [];
  const another = async (): Promise<Engine> => {
    const [engine, close] = await connect();
    closes.push(close);
    return engine;
  };
  return {
    engine: await another(),
    another,
    close: async () => {
      for (const close of closes) close();
      await stop();
    },
  };
}

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
