/**
 * Streams that outlive a connection and a process.
 * @module millrace/relay
 */
export type { Appended, AppendOptions, Engine, Entry, Position, Push } from './engine.js';
export { END } from './engine.js';
export { memoryEngine } from './memory-engine.js';
export type { RelayOptions, RelayParams, StartOptions } from './options.js';
export { createRelay, type Relay } from './relay.js';
export type { RelayedStream } from './relayed-stream.js';
export type { StreamStatus } from './status.js';
