import type { Outcome } from '../observe.js';
import type { Usage } from '../wire/usage.js';

/*
 * What is known of calls, requests, tools and runs while they happen: the messages of the channels, filled
 * in as more is known. Never a key, never content. Times named `ms` are whole milliseconds.
 */

/** One call: a stream, a `create` or a `countTokens`. */
export interface StreamContext {
  readonly streamId: string;
  readonly runId?: string;
  /** In its run, from 1 on. */
  readonly turn?: number;
  readonly operation: 'stream' | 'create' | 'countTokens' | 'models' | 'batches';
  /** Made by a SyncAnthropic. */
  readonly isBlocking: boolean;
  /** As it was asked for. */
  readonly model: string;
  /** Without query, user name and password. */
  readonly url: string;
  /** Sent by `fetch`, not by `node:http` or `node:http2`. */
  readonly isFetch: boolean;
  readonly params: RequestParams;
  /** Requests so far. */
  attempts: number;
  retries: number;
  recoveries: number;
  /** Of the latest response. */
  requestId?: string | undefined;
  messageId?: string;
  /** That of the response. */
  responseModel?: string;
  stopReason?: string;
  usage?: Partial<Usage>;
  /** From the first need to the first content. */
  firstContentMs?: number;
  /** The longest wait for something other than a ping, after the first content. */
  longestGapMs: number;
  /** Waits of `STALL_MS` and more. */
  stalls: number;
  ms?: number;
  outcome?: Outcome;
  error?: Error;
}

/** The params that shape a response, and the size of the others. */
export interface RequestParams {
  readonly max_tokens?: number;
  readonly temperature?: number;
  readonly top_p?: number;
  readonly top_k?: number;
  readonly stop_sequences?: readonly string[];
  readonly service_tier?: string;
  readonly stream?: boolean;
  readonly thinking?: string;
  /** How many there are. */
  readonly messages: number;
  readonly tools: number;
}

/** One request of a call. */
export interface AttemptContext {
  readonly streamId: string;
  readonly attemptId: string;
  readonly runId?: string;
  readonly turn?: number;
  /** 1 for the first of the call. */
  readonly attempt: number;
  readonly method: string;
  /** Without query. */
  readonly url: string;
  /** Its clocks, in milliseconds: those of `timeout`, and `longStall`. Infinity for one that is off. */
  readonly timeouts: Readonly<Record<string, number>>;
  /** The pause before it, where it repeats another. */
  readonly delayMs: number | undefined;
  status?: number;
  requestId?: string | undefined;
  /** From the request to the response's headers. */
  responseMs?: number;
  ms?: number;
  error?: Error;
}

/** One call of a tool that runs here. */
export interface ToolCallContext {
  readonly runId: string;
  readonly turn: number;
  readonly toolUseId: string;
  readonly name: string;
  /** The result is an error for the model. */
  isError?: boolean;
  ms?: number;
  error?: Error;
}

/** A run of tools. */
export interface ToolRunContext {
  readonly runId: string;
  readonly model: string;
  /** Streams so far. */
  turns: number;
  ms?: number;
  error?: Error;
}

/**
 * What one process does as the producer of a relayed stream. The id of the stream is no part of it: who knows that
 * can read the stream.
 */
export interface RelayContext {
  readonly relayId: string;
  /** 1 for the process that started the stream; each that takes it over has the next number. */
  readonly epoch: number;
  /** Of the producer before, where that was traced. */
  readonly before: TraceHeaders | undefined;
  /** Of the latest response, as in the context of the call. */
  requestId?: string | undefined;
  ms?: number;
  /** `closed` where it was stopped, or another process took over. */
  outcome?: Outcome;
  error?: Error;
}

/** What a propagator writes of a span, such as `traceparent`: it leads from one process to the span of another. */
export type TraceHeaders = Readonly<Record<string, string>>;

/** One reader of a relayed stream: a RelayedStream, or a response of `relay.handle`. It has no id of the stream, either. */
export interface FollowContext {
  readonly followId: string;
  /** Of each producer so far that was traced. */
  producers: readonly TraceHeaders[];
  ms?: number;
  /** `closed` where the reader left, or the stream was stopped. */
  outcome?: Outcome;
  error?: Error;
}

/** What a trace is about, by its channel. */
export interface Contexts {
  stream: StreamContext;
  attempt: AttemptContext;
  tool: ToolCallContext;
  run: ToolRunContext;
  relay: RelayContext;
  follow: FollowContext;
}

/**
 * What `millrace:progress` publishes: response headers, the first content, a chunk of content, a ping, a wait
 * for content that is over after `GAP_MS` or more, and one after `STALL_MS` or more.
 */
export interface Progress {
  readonly type: 'firstByte' | 'firstContent' | 'chunk' | 'ping' | 'gap' | 'stall';
  readonly streamId: string;
  readonly attemptId: string | undefined;
  /** How long the wait was: from the first need, or from the chunk before. */
  readonly ms: number;
}

/** A wait that is worth a notice, in milliseconds. */
export const GAP_MS = 1_000;

/** A wait that readers notice, in milliseconds. */
export const STALL_MS = 10_000;

/** With room for 15 million million million ids, cheaper than a UUID, and there on every runtime. */
export function newId(prefix: string): string {
  const part = (): string => Math.random().toString(36).slice(2, 10).padEnd(8, '0');
  return `${prefix}_${part()}${part()}`;
}
