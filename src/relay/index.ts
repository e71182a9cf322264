/**
 * Streams that outlive a connection and a process.
 * @module millrace/relay
 */
export type { Appended, AppendOptions, Engine, Entry, Position, Push } from './engine.js';
export { END } from './engine.js';
export { fileEngine } from './file-engine.js';
export type { LostRun } from './lost-run.js';
export { memoryEngine } from './memory-engine.js';
export type {
  AnyToolRunner,
  DrainOptions,
  FollowOptions,
  RelayOptions,
  RelayParams,
  StartOptions,
} from './options.js';
export type { IoRedisClient, NodeRedisClient, RedisClient } from './redis-client.js';
export { type RedisEngineOptions, redisEngine } from './redis-engine.js';
export { createRelay, type Relay } from './relay.js';
export type { RelayedRun } from './relayed-run.js';
export type { RelayedStream } from './relayed-stream.js';
export type { StreamStatus } from './status.js';
export { writeResponse } from './write-response.js';
