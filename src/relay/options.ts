import {
  aBoolean,
  checkOptions,
  isFunction,
  isPlain,
  isString,
  must,
  type OptionChecks,
} from '../check-options.js';
import type { Anthropic } from '../client.js';
import { type Observer, safeObserver } from '../observe.js';
import type { MessageStream } from '../stream/message-stream.js';
import type { StreamOptions } from '../stream/open-source.js';
import type { ToolRunner } from '../tools/tool-runner.js';
import { anAbortSignal } from '../transport/on-abort.js';
import type { BetaMessage } from '../wire/beta.js';
import type { BetaMessageStreamParams } from '../wire/beta-params.js';
import type { Message } from '../wire/message.js';
import type { MessageStreamParams } from '../wire/params.js';
import type { Engine } from './engine.js';
import type { LostRun } from './lost-run.js';
import { memoryEngine } from './memory-engine.js';

/** The params of a relayed stream; with `betas` it is one of the beta API. */
export type RelayParams = MessageStreamParams | BetaMessageStreamParams;

/** A runner of tools, of the GA or the beta API. */
export type AnyToolRunner =
  | ToolRunner<Message, MessageStream<Message>>
  | ToolRunner<BetaMessage, MessageStream<BetaMessage>>;

/** Options of `relay.start`: those of a stream. `signal` stops the stream for everyone. */
export interface StartOptions extends StreamOptions {
  /** Sends the requests of this stream. Default: that of the relay. */
  client?: Anthropic | undefined;
}

/** Options of `relay.follow` and `relay.handle`. */
export interface FollowOptions {
  /** The id of the last event that is known: `stream.lastEventId`, or that of an event over HTTP. */
  after?: string | undefined;
  /** Leaves the stream, which goes on. */
  signal?: AbortSignal | undefined;
  /** Sends the requests where this process takes the stream over; a function is called then. Default: that of the relay. */
  client?: Anthropic | (() => Anthropic) | undefined;
}

/** Options of `relay.drain`. */
export interface DrainOptions {
  /**
   * How long tools that run may go on before their run is handed over, in milliseconds: then they are aborted, and the
   * model is told that their outcome is unknown. Meanwhile no other tool starts. Default 0.
   */
  tools?: number | undefined;
}

/** Options of a relay. Times are in milliseconds. */
export interface RelayOptions {
  /** Where streams are kept. Default `memoryEngine()`. */
  engine?: Engine | undefined;
  /** Sends the requests. A process without one can follow and stop streams, not start or take over. */
  client?: Anthropic | undefined;
  /** How long a stream is kept after its end, and after the last beat of its producer. Default 3,600,000. */
  ttl?: number | undefined;
  /** How long a producer may be silent before it counts as lost. It beats three times as often. Default 10,000. */
  lease?: number | undefined;
  /**
   * How long deltas of one block wait to be appended together, and how much of them. The first delta of a block
   * and every other event are appended at once. Default `{ ms: 25, bytes: 4096 }`.
   */
  batch?: { ms?: number | undefined; bytes?: number | undefined } | undefined;
  /** How often a stream may be taken over. Default 2. */
  takeover?: number | undefined;
  /** The largest stream to keep, in bytes; a larger one fails. Default 67,108,864 (64 MiB). */
  maxBytes?: number | undefined;
  /** Whether params are stored until the end, for a process that takes over. Default true. */
  keepParams?: boolean | undefined;
  /** The params of a stream that is taken over, where they are not stored; undefined for one that can't be. */
  resume?: ((id: string) => RelayParams | undefined | Promise<RelayParams | undefined>) | undefined;
  /**
   * Goes on with a run of tools whose process is gone: returns a new runner, not yet read, such as
   * `client.messages.toolRunner({ ...run.params, tools })`, or undefined for a run that ends with ProducerLostError, as all
   * do without this function. It is called in the process that takes the run over, and has one `lease` to answer.
   */
  resumeRun?:
    | ((id: string, run: LostRun) => AnyToolRunner | undefined | Promise<AnyToolRunner | undefined>)
    | undefined;
  /** Stops a stream once no one has followed it for so long, in this process. Default: it goes on. */
  stopWhenAlone?: number | undefined;
  /** Ends an HTTP connection after so long, between events: clients continue with a new one. Default: never. */
  rotate?: number | undefined;
  /**
   * Whether `handle` accepts what producers of the Durable Streams protocol send: PUT creates a stream, POST appends to
   * it, DELETE removes it. Default false.
   */
  writable?: boolean | undefined;
  /** Called with warnings, such as that the store can't be reached. */
  observe?: Observer | undefined;
}

/** The options of a relay with their defaults. */
export interface RelaySettings {
  engine: Engine;
  client: Anthropic | undefined;
  ttl: number;
  lease: number;
  batch: { ms: number; bytes: number };
  takeover: number;
  maxBytes: number;
  keepParams: boolean;
  resume: RelayOptions['resume'];
  resumeRun: RelayOptions['resumeRun'];
  stopWhenAlone: number | undefined;
  rotate: number | undefined;
  writable: boolean;
  warn: (message: string) => void;
}

const ms = must(
  (value) => typeof value === 'number' && value > 0,
  'pass milliseconds, such as 10_000',
);

const METHODS = ['append', 'read', 'watch', 'beat', 'alive', 'remove'] as const;

const isClient = (value: unknown): boolean =>
  isPlain(value) && isPlain(value.messages) && isPlain(value.beta);

const aClient = must(isClient, 'pass new Anthropic()');

export const FOLLOW_OPTIONS: OptionChecks<FollowOptions> = {
  after: must(isString, 'pass the id of an event, such as stream.lastEventId'),
  signal: anAbortSignal,
  client: must(
    (value) => isFunction(value) || isClient(value),
    'pass new Anthropic(), or a function that makes it',
  ),
};

export const DRAIN_OPTIONS: OptionChecks<DrainOptions> = {
  tools: must(
    (value) => typeof value === 'number' && value >= 0,
    'pass milliseconds, such as 20_000',
  ),
};

const RELAY_OPTIONS: OptionChecks<RelayOptions> = {
  engine: must(
    (value) => isPlain(value) && METHODS.every((name) => isFunction(value[name])),
    'pass memoryEngine(), fileEngine(dir) or redisEngine(client)',
  ),
  client: aClient,
  ttl: ms,
  lease: ms,
  batch: must(
    (value) => isPlain(value) && [value.ms ?? 0, value.bytes ?? 0].every((it) => Number(it) >= 0),
    'pass { ms: 25, bytes: 4096 }',
  ),
  takeover: must((value) => Number.isInteger(value) && Number(value) >= 0, 'pass a whole number'),
  maxBytes: must((value) => typeof value === 'number' && value > 0, 'pass a number of bytes'),
  keepParams: aBoolean,
  resume: must(isFunction, 'pass a function such as (id) => params'),
  resumeRun: must(
    isFunction,
    'pass a function such as (id, run) => client.messages.toolRunner({ ...run.params, tools })',
  ),
  stopWhenAlone: ms,
  rotate: ms,
  writable: aBoolean,
  observe: must(isFunction, 'pass a function such as (observation) => console.log(observation)'),
};

/** @throws AnthropicError for an unknown or invalid option. */
export function relaySettings(options: RelayOptions): RelaySettings {
  checkOptions(options, RELAY_OPTIONS);
  const observe = safeObserver(options.observe);
  return {
    engine: options.engine ?? memoryEngine(),
    client: options.client,
    ttl: options.ttl ?? 3_600_000,
    lease: options.lease ?? 10_000,
    batch: { ms: options.batch?.ms ?? 25, bytes: options.batch?.bytes ?? 4_096 },
    takeover: options.takeover ?? 2,
    maxBytes: options.maxBytes ?? 67_108_864,
    keepParams: options.keepParams ?? true,
    resume: options.resume,
    resumeRun: options.resumeRun,
    stopWhenAlone: options.stopWhenAlone,
    rotate: options.rotate,
    writable: options.writable ?? false,
    warn: (message) => observe?.({ type: 'warning', message }),
  };
}
