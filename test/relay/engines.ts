import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient, createCluster, createSentinel } from '@redis/client';
import { Cluster, Redis } from 'ioredis';
import { Cluster as Cluster5, Redis as Redis5 } from 'ioredis-5';
import * as nodeRedis5 from 'redis-client-5';
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

/** A client of a test's own, and how to close it. */
type Connected = [client: Parameters<typeof redisEngine>[0], close: () => void];

/** The clients, in their oldest and their newest version that `redisEngine` takes. */
const withRedis: Record<string, MakeEngine> = {
  'redisEngine with node-redis': onServer(async (url) => {
    const client = createClient({ url }).on('error', () => {});
    await client.connect();
    return [client, () => client.destroy()];
  }),
  'redisEngine with node-redis 5': onServer(async (url) => {
    const client = nodeRedis5.createClient({ url }).on('error', () => {});
    await client.connect();
    return [client, () => client.destroy()];
  }),
  'redisEngine with ioredis': onServer((url) => {
    const client = new Redis(url).on('error', () => {});
    return [client, () => client.disconnect()];
  }),
  'redisEngine with ioredis 5': onServer((url) => {
    const client = new Redis5(url).on('error', () => {});
    return [client, () => client.disconnect()];
  }),
  'redisEngine with a cluster of node-redis': onCluster(async (ports) => {
    const rootNodes = ports.map((port) => ({ url: `redis://127.0.0.1:${port}` }));
    const client = createCluster({ rootNodes }).on('error', () => {});
    await client.connect();
    return [client, () => client.destroy()];
  }),
  'redisEngine with a cluster of node-redis 5': onCluster(async (ports) => {
    const rootNodes = ports.map((port) => ({ url: `redis://127.0.0.1:${port}` }));
    const client = nodeRedis5.createCluster({ rootNodes }).on('error', () => {});
    await client.connect();
    return [client, () => client.destroy()];
  }),
  'redisEngine with a cluster of ioredis': onCluster((ports) => {
    const client = new Cluster(ports.map(onLoopback)).on('error', () => {});
    return [client, () => client.disconnect()];
  }),
  'redisEngine with a cluster of ioredis 5': onCluster((ports) => {
    const client = new Cluster5(ports.map(onLoopback)).on('error', () => {});
    return [client, () => client.disconnect()];
  }),
  'redisEngine with a sentinel of node-redis': onSentinel(async (port) => {
    const sentinelRootNodes = [onLoopback(port)];
    const client = createSentinel({ name: 'relay', sentinelRootNodes }).on('error', () => {});
    await client.connect();
    return [client, () => client.destroy()];
  }),
  'redisEngine with a sentinel of ioredis': onSentinel((port) => {
    const client = new Redis({ name: 'relay', sentinels: [onLoopback(port)] });
    client.on('error', () => {});
    return [client, () => client.disconnect()];
  }),
};

function onServer(connect: (url: string) => Connected | Promise<Connected>): MakeEngine {
  return async () => {
    const { url, stop } = await startRedis();
    return closing(stop, () => connect(url));
  };
}

function onCluster(connect: (ports: number[]) => Connected | Promise<Connected>): MakeEngine {
  return async () => {
    const { ports, stop } = await startCluster();
    return closing(stop, () => connect(ports));
  };
}

function onSentinel(connect: (port: number) => Connected | Promise<Connected>): MakeEngine {
  return async () => {
    const { port, stop } = await startSentinel();
    return closing(stop, () => connect(port));
  };
}

function onLoopback(port: number): { host: string; port: number } {
  return { host: '127.0.0.1', port };
}

/** Engines on one store, each with a client of its own. */
async function closing(
  stop: () => Promise<void>,
  connect: () => Connected | Promise<Connected>,
): Promise<TestEngine> {
  const closes: (() => void)[] = [];
  const another = async (): Promise<Engine> => {
    const [client, close] = await connect();
    closes.push(close);
    return redisEngine(client);
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
