import type { MessagePort } from 'node:worker_threads';
import type { UntypedEvent } from '../message/untyped.js';
import type { Report } from '../observe.js';
import type { StreamAttempt } from '../stream/attempt-log.js';
import type { StreamOptions } from '../stream/open-source.js';
import type { RecoverInfo } from '../stream/recover/options.js';
import type { ApiRequest } from '../transport/options.js';
import type { DeltaBatch } from './delta-batch.js';
import type { HeadData, SettingsData } from './serialize.js';
import type { ErrorData } from './serialize-error.js';

/*
 * The messages between the two threads. The client's thread asks and waits. The worker answers, and with
 * each message increments the counter in the shared memory, which ends the wait.
 */

/** What a worker starts with. */
export interface WorkerStart {
  port: MessagePort;
  /** Of one Int32. */
  memory: SharedArrayBuffer;
  settings: SettingsData;
}

/**
 * What is wanted of the response: one JSON document, the events of a message, its events as they are on the
 * wire, or the results of a batch.
 */
export type ResponseKind = 'json' | 'events' | 'raw' | 'results';

/** Asks for a request to be sent. */
export interface SendRequest {
  type: 'send';
  kind: ResponseKind;
  /** Whether what happens to it is reported. */
  isTraced: boolean;
  id: number;
  call: ApiRequest;
  options: StreamOptions;
}

/** From the client's thread to the worker. */
export type ClientMessage =
  | SendRequest
  /** The client's thread waits for more, having received this many batches of the request. */
  | { type: 'read'; id: number; batches: number }
  /** The rest is not wanted. */
  | { type: 'close'; id: number }
  /** Asks for a sign of life: the counter is incremented. */
  | { type: 'heartbeat' };

/** From the worker, about one request: everything that there is to report at that time. */
export interface WorkerMessage {
  id: number;
  /** The JSON document. */
  data?: unknown;
  batch?: (Item | DeltaBatch)[];
  /** Nothing follows, and nothing is to be asked. */
  end?: true;
  /** The same, and what went wrong. */
  error?: ErrorData;
}

/** A raw event, or what happened between two of them. Only events have a type. */
export type Item = UntypedEvent | Step | RestartItem;

/** A restart, which is an event on both sides. */
export interface RestartItem {
  step: 'restart';
  index: number;
}

/** What the source of a stream reports to its owner; see SourceOwner. */
export type Step =
  | { step: 'try'; kind: StreamAttempt['kind'] }
  | { step: 'tryFailed'; error: ErrorData }
  | { step: 'head'; head: HeadData }
  | { step: 'held'; event: UntypedEvent }
  | { step: 'retry'; attempt: number; delay: number; error: ErrorData }
  | { step: 'recover'; attempt: number; mode: RecoverInfo['mode']; error: ErrorData };

/** From the worker, for nothing that waits. */
export type Notification =
  | ReportData
  /** The worker's code runs. */
  | { loaded: true }
  /** Its file can't be loaded, and why. */
  | { unloadable: string }
  /** The worker ends. */
  | { crashed: ErrorData };

/** An error can't be posted as it is. */
type WithoutError<R> = R extends unknown ? Omit<R, 'error'> : never;

/** What happens to a request. */
export type ReportData =
  | { of: number; report: Exclude<Report, { error: Error }> }
  | {
      of: number;
      report: WithoutError<Extract<Report, { error: Error }>>;
      error: ErrorData;
    };

/**
 * How many batches a worker sends for one `read`: it prepares some while the reader is busy, and no
 * more than that, so a reader that stops stops the server.
 */
export const BATCHES_AHEAD = 4;

/** The most items in a batch. What a transport reads ahead, 64 KiB, bounds a batch too. */
export const MAX_BATCH_ITEMS = 1024;
