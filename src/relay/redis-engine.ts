import {
  type Appended,
  END,
  type Engine,
  type Entry,
  isEnd,
  type Position,
  type Push,
} from './engine.js';
import { hexDigest } from './hex-digest.js';
import { baseOfParams } from './params-store.js';
import { RedisChannels } from './redis-channels.js';
import { type RedisClient, type RedisCommands, redisCommands } from './redis-client.js';
import { APPEND, BEAT, END_ID } from './redis-scripts.js';

/** Options of `redisEngine`. */
export interface RedisEngineOptions {
  /** The start of every key and channel. Default `mr`. */
  prefix?: string | undefined;
}

/**
 * Keeps logs in Redis 6.2 or later, for any number of processes. The log of a stream is the Redis stream
 * `mr:{id}:log`, its lease `mr:{id}:beat`, its params `mr:{id}:params`.
 * @param client of node-redis 5 or ioredis 5, connected: a single server, sentinel or cluster. It stays yours to
 * close; subscriptions have a connection of their own while there are any.
 * @throws AnthropicError for what is no client.
 */
export function redisEngine(client: RedisClient, options: RedisEngineOptions = {}): Engine {
  const redis = redisCommands(client);
  const keyOf = (id: string, what: string): string =>
    `${options.prefix ?? 'mr'}:{${encodeURIComponent(id)}}:${what}`;
  const logOf = (id: string): string => {
    const base = baseOfParams(id);
    return base === undefined ? keyOf(id, 'log') : keyOf(base, 'params');
  };
  const suffix = redis.database === 0 ? '' : `@${redis.database}`;
  const channelOf = (id: string): string => logOf(id) + suffix;
  const append = script(redis, APPEND);
  const beat = script(redis, BEAT);
  const channels = new RedisChannels(() => redis.subscriber());
  const publish = redis.isCluster ? 'SPUBLISH' : 'PUBLISH';
  return {
    append: async (id, at, payloads, { ttl, end = '' }) => {
      const log = logOf(id);
      const isForced = isEnd(at);
      const place = isForced ? ['0', '1'] : [String(at.epoch), String(at.seq)];
      const keptFor = String(Math.ceil(ttl));
      const args = [...place, keptFor, channelOf(id), publish, isForced ? '1' : '0', end];
      return (await append([log], [...args, ...payloads])) as Appended;
    },
    read: async (id, after, max) => {
      if (after !== undefined && isEnd(after)) return [];
      const start = after === undefined ? '-' : `(${after.epoch}-${after.seq}`;
      const found = await redis.xrange(logOf(id), start, max);
      return found.map(([entry, payload]) => ({ ...fromEntryId(entry), payload }));
    },
    watch: (id, wake) =>
      channels.watch(channelOf(id), (message) =>
        wake(message === undefined ? undefined : decodePush(message)),
      ),
    beat: async (id, epoch, lease, ttl) => {
      const [last = ''] = END_ID.split('-');
      const args = [isEnd({ epoch, seq: 0 }) ? last : epoch, Math.ceil(lease), Math.ceil(ttl)].map(
        String,
      );
      return (await beat([keyOf(id, 'beat'), logOf(id)], args)) === 1;
    },
    alive: async (id) => Math.max(0, await redis.pttl(keyOf(id, 'beat'))),
    remove: async (id) => {
      await redis.del(logOf(id));
    },
  };
}

function fromEntryId(id: string): Position {
  if (id === END_ID) return END;
  const [epoch, seq] = id.split('-');
  return { epoch: Number(epoch), seq: Number(seq) };
}

/** The id of the entry before, then id and payload of each entry, by lines: payloads have no line breaks. */
function decodePush(message: string): Push {
  const [after = '', ...lines] = message.split('\n');
  const entries: Entry[] = [];
  for (let line = 0; line + 1 < lines.length; line += 2) {
    entries.push({ ...fromEntryId(lines[line] as string), payload: lines[line + 1] as string });
  }
  return { after: after === '' ? undefined : fromEntryId(after), entries };
}

/** Runs a script by its digest; sends it where the server doesn't have it yet, or any more. */
function script(
  redis: RedisCommands,
  text: string,
): (keys: string[], args: string[]) => Promise<unknown> {
  let digest: Promise<string> | undefined;
  return async (keys, args) => {
    digest ??= hexDigest('SHA-1', text);
    try {
      return await redis.evalsha(await digest, keys, args);
    } catch (error) {
      if (!String(error).includes('NOSCRIPT')) throw error;
      return redis.eval(text, keys, args);
    }
  };
}
