import type { MessagePort } from 'node:worker_threads';
import type { LooseEvent } from '../message/loose.js';
import type { Observation } from '../observe.js';
import type { StreamAttempt } from '../stream/attempt-log.js';
import type { StreamOptions } from '../stream/open-source.js';
import type { Call } from '../transport/settings.js';
import type { ErrorData } from './error-data.js';
import type { HeadData } from './head-data.js';
import type { Run } from './runs.js';
import type { SettingsData } from './settings-data.js';

/*
 * What the two threads say to each other. The client's thread asks and waits. The worker tells, and
 * with each message counts up the number in the shared memory, which ends the wait.
 */

/** What a worker starts with. */
export interface WorkerStart {
  port: MessagePort;
  /** Of one Int32. */
  memory: SharedArrayBuffer;
  settings: SettingsData;
}

/** What the answer is: one JSON document, or the events of a message. */
export type Kind = 'json' | 'events';

/** Asks for a request to be sent. */
export interface Send {
  ask: 'send';
  kind: Kind;
  id: number;
  call: Call;
  options: StreamOptions;
}

export type Ask =
  | Send
  /** The client's thread waits for more, having got this many batches of the request. */
  | { ask: 'read'; id: number; batches: number }
  /** Nobody wants the rest. */
  | { ask: 'close'; id: number }
  /** Are you there? The number is counted up. */
  | { ask: 'sign' };

/** Told of one request: all that there is to tell at that time. */
export interface Told {
  id: number;
  /** The JSON document. */
  data?: unknown;
  batch?: (Item | Run)[];
  /** Nothing follows, and nothing is to be asked. */
  end?: true;
  /** The same, and what went wrong. */
  error?: ErrorData;
}

/** A raw event, or what happened between two of them. Only events have a type. */
export type Item = LooseEvent | Step;

/** What the source of a stream tells its owner; see SourceOwner. */
export type Step =
  | { step: 'try'; how: StreamAttempt['how'] }
  | { step: 'tryFailed'; error: ErrorData }
  | { step: 'head'; head: HeadData }
  | { step: 'held'; event: LooseEvent }
  | { step: 'recover'; error: ErrorData };

/** Told of no request in particular. */
export type Aside =
  | { observation: Exclude<Observation, { type: 'retry' }> }
  | { observation: Omit<Extract<Observation, { type: 'retry' }>, 'error'>; error: ErrorData }
  /** The worker ends. */
  | { broken: ErrorData };

/**
 * How many batches a worker sends for one `read`: it prepares some while the reader is busy, and no
 * more than that, so a reader that stops stops the server.
 */
export const BATCHES_AHEAD = 4;

/** The most items in a batch. What a transport reads ahead, 64 KiB, bounds a batch too. */
export const MOST_ITEMS = 1024;
