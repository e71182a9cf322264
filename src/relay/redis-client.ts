import { AnthropicError } from '../errors.js';

/** What is needed of node-redis 5: a client, a pool, a sentinel or a cluster. */
export interface NodeRedisClient {
  evalSha(sha: string, options: ScriptArguments): Promise<unknown>;
  eval(script: string, options: ScriptArguments): Promise<unknown>;
  xRange(key: string, start: string, end: string, options: { COUNT: number }): Promise<unknown>;
  pTTL(key: string): Promise<unknown>;
  del(key: string): Promise<unknown>;
  duplicate(): unknown;
}

/** What is needed of ioredis 5: a client, a sentinel or a cluster. */
export interface IoRedisClient {
  evalsha(sha: string, keys: number, ...args: string[]): Promise<unknown>;
  eval(script: string, keys: number, ...args: string[]): Promise<unknown>;
  xrange(key: string, start: string, end: string, count: 'COUNT', max: number): Promise<unknown>;
  pttl(key: string): Promise<unknown>;
  del(key: string): Promise<unknown>;
  duplicate(): unknown;
}

export type RedisClient = NodeRedisClient | IoRedisClient;

interface ScriptArguments {
  keys: string[];
  arguments: string[];
}

/** The commands that the engine needs, whatever the client. */
export interface RedisCommands {
  isCluster: boolean;
  /** The number of its database: channels are those of the server, not of a database. */
  database: number;
  evalsha(sha: string, keys: string[], args: string[]): Promise<unknown>;
  eval(script: string, keys: string[], args: string[]): Promise<unknown>;
  /** Pairs of an id and the payload of its entry. */
  xrange(key: string, start: string, max: number): Promise<[id: string, payload: string][]>;
  pttl(key: string): Promise<number>;
  del(key: string): Promise<unknown>;
  /** A connection of its own for subscriptions. */
  subscriber(): Promise<RedisSubscriber>;
}

export interface RedisSubscriber {
  subscribe(channel: string, listener: (message: string) => void): Promise<unknown>;
  unsubscribe(channel: string): Promise<unknown>;
  /** Calls back after each reconnect, when the subscriptions are active again. */
  onReconnect(callback: () => void): void;
  close(): void;
}

/** @throws AnthropicError for what is no client. */
export function redisCommands(client: RedisClient): RedisCommands {
  const { evalSha, evalsha } = (client ?? {}) as Partial<NodeRedisClient & IoRedisClient>;
  if (typeof evalSha === 'function') return nodeRedis(client as NodeRedisClient);
  if (typeof evalsha === 'function') return ioRedis(client as IoRedisClient);
  throw new AnthropicError(
    'redisEngine takes a client: write redisEngine(await createClient({ url }).connect()) with node-redis, ' +
      'or redisEngine(new Redis(url)) with ioredis',
  );
}

function nodeRedis(client: NodeRedisClient): RedisCommands {
  const isCluster = 'sSubscribe' in client && 'masters' in client;
  return {
    isCluster,
    database: (client as { options?: { database?: number } }).options?.database ?? 0,
    evalsha: (sha, keys, args) => client.evalSha(sha, { keys, arguments: args }),
    eval: (script, keys, args) => client.eval(script, { keys, arguments: args }),
    xrange: async (key, start, max) => {
      const found = (await client.xRange(key, start, '+', { COUNT: max })) as {
        id: unknown;
        message: Record<string, unknown>;
      }[];
      return found.map(({ id, message }) => [String(id), String(message.e)]);
    },
    pttl: async (key) => Number(await client.pTTL(key)),
    del: (key) => client.del(key),
    subscriber: async () => {
      const copy = client.duplicate() as NodeRedisSubscriber;
      copy.on('error', () => {});
      await copy.connect();
      return {
        subscribe: (channel, listener) =>
          isCluster ? copy.sSubscribe(channel, listener) : copy.subscribe(channel, listener),
        unsubscribe: (channel) =>
          isCluster ? copy.sUnsubscribe(channel) : copy.unsubscribe(channel),
        onReconnect: (callback) => copy.on('ready', () => whenActive(copy, callback)),
        close: () => copy.destroy(),
      };
    },
  };
}

function ioRedis(client: IoRedisClient): RedisCommands {
  const isCluster = (client as { isCluster?: boolean }).isCluster === true;
  const [subscribe, unsubscribe, event] = isCluster
    ? (['ssubscribe', 'sunsubscribe', 'smessage'] as const)
    : (['subscribe', 'unsubscribe', 'message'] as const);
  return {
    isCluster,
    database: (client as { options?: { db?: number } }).options?.db ?? 0,
    evalsha: (sha, keys, args) => client.evalsha(sha, keys.length, ...keys, ...args),
    eval: (script, keys, args) => client.eval(script, keys.length, ...keys, ...args),
    xrange: async (key, start, max) => {
      const found = (await client.xrange(key, start, '+', 'COUNT', max)) as [string, string[]][];
      return found.map(([id, fields]) => [id, fields[1] as string]);
    },
    pttl: async (key) => Number(await client.pttl(key)),
    del: (key) => client.del(key),
    subscriber: async () => {
      const copy = ioDuplicate(client, isCluster);
      copy.on('error', () => {});
      const listeners = new Map<string, (message: string) => void>();
      copy.on(event, (channel: string, message: string) => listeners.get(channel)?.(message));
      return {
        subscribe: (channel, listener) => {
          listeners.set(channel, listener);
          return copy[subscribe](channel);
        },
        unsubscribe: (channel) => {
          listeners.delete(channel);
          return copy[unsubscribe](channel);
        },
        onReconnect: (callback) => copy.on('ready', () => whenActive(copy, callback)),
        close: () => copy.disconnect(),
      };
    },
  };
}

/** A cluster subscribes to shards only with an option of its own. */
function ioDuplicate(client: IoRedisClient, isCluster: boolean): IoRedisSubscriber {
  const duplicate = client.duplicate.bind(client) as (...args: unknown[]) => IoRedisSubscriber;
  return isCluster ? duplicate(undefined, { shardedSubscribers: true }) : duplicate();
}

interface Connection {
  // biome-ignore lint/suspicious/noExplicitAny: each event has listeners of its own.
  on(event: string, listener: (...args: any[]) => void): unknown;
  ping?(): Promise<unknown>;
}

interface NodeRedisSubscriber extends Connection {
  connect(): Promise<unknown>;
  subscribe(channel: string, listener: (message: string) => void): Promise<unknown>;
  unsubscribe(channel: string): Promise<unknown>;
  sSubscribe(channel: string, listener: (message: string) => void): Promise<unknown>;
  sUnsubscribe(channel: string): Promise<unknown>;
  destroy(): void;
}

type IoRedisSubscriber = Connection &
  Record<
    'subscribe' | 'unsubscribe' | 'ssubscribe' | 'sunsubscribe',
    (channel: string) => Promise<unknown>
  > & { disconnect(): void };

/** Subscriptions are renewed when the connection is ready: what is sent after them is answered after them. */
function whenActive(connection: Connection, callback: () => void): void {
  callback();
  void connection.ping?.().then(callback, () => {});
}
