import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import {
  type Engine,
  fileEngine,
  memoryEngine,
  type RedisClient,
  redisEngine,
} from '../../relay/index.js';
import { UsageError } from '../usage-error.js';

/** Where a gateway keeps its streams, and how to close it. */
export interface OpenEngine {
  engine: Engine;
  close: () => void;
}

/**
 * The engine that the options name.
 * @throws UsageError (rejects) where there is no client for Redis, or it does not connect.
 */
export async function openEngine({
  redis,
  dir,
}: {
  redis: string | undefined;
  dir: string | undefined;
}): Promise<OpenEngine> {
  if (redis !== undefined && dir !== undefined)
    throw new UsageError('use --redis or --dir, not both');
  if (dir !== undefined) return { engine: fileEngine(dir), close: () => {} };
  if (redis === undefined) return { engine: memoryEngine(), close: () => {} };
  const client = await connect(redis);
  return { engine: redisEngine(client), close: () => client.disconnect() };
}

/** The packages that can connect, in the order in which they are looked for from the working folder. */
const PACKAGES = ['ioredis', '@redis/client', 'redis'] as const;

type Client = RedisClient & { disconnect(): unknown };

async function connect(url: string): Promise<Client> {
  const require = createRequire(pathToFileURL(`${process.cwd()}/`));
  for (const name of PACKAGES) {
    let path: string;
    try {
      path = require.resolve(name);
    } catch {
      continue;
    }
    return open(await import(pathToFileURL(path).href), url);
  }
  throw new UsageError('--redis needs a client: npm install ioredis, or npm install redis');
}

interface Package {
  Redis?: new (
    url: string,
    options: object,
  ) => Client & { on: Listen; connect(): Promise<unknown> };
  createClient?: (options: object) => { on: Listen; connect(): Promise<Client> };
}

type Listen = (event: 'error', listener: () => void) => unknown;

async function open({ Redis, createClient }: Package, url: string): Promise<Client> {
  try {
    if (createClient !== undefined) {
      const client = createClient({ url });
      client.on('error', () => {});
      return await client.connect();
    }
    const client = new (Redis as NonNullable<typeof Redis>)(url, { lazyConnect: true });
    client.on('error', () => {});
    await client.connect();
    return client;
  } catch (error) {
    throw new UsageError(`--redis: no connection: ${(error as Error).message}`);
  }
}
