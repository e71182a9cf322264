import type { Steps } from './steps.js';
import type { Task } from './task.js';
import type { ToolLog } from './tool-events.js';

/** What becomes of work that is started. Both can be asked for the outcome any number of times. */
export interface Started<T> {
  awaiting: Promise<T>;
  blocking: Task<T>;
}

export type DriverKind = keyof Started<unknown>;

/** How the work of a run is carried out: with promises, or on this thread. */
export interface Driver<K extends DriverKind> {
  /** Starts the end of a turn. */
  start<T>(steps: Steps<T>): Started<T>[K];
  /** Starts a call, or queues it. */
  startCall<T>(steps: Steps<T>): Started<T>[K];
  /** Runs a call before its response is complete. Its failure goes to the callback. */
  runEarly(call: Started<unknown>[K], failed: (error: unknown) => void): void;
}

/** One request of a run, its response, and the calls in it. */
export interface Turn<S, K extends DriverKind = 'awaiting'> {
  readonly stream: S;
  readonly log: ToolLog;
  /**
   * Reads the rest, runs the calls that have not run, and opens the next turn; undefined where this one is
   * the last. Done once, however often it is called.
   */
  readonly next: () => Started<Turn<S, K> | undefined>[K];
}

// The functions below walk the turns from the first one on; each is finished when its reader is done.

export async function* streamsOf<S>(first: Turn<S>): AsyncGenerator<S, undefined, undefined> {
  for (let turn: Turn<S> | undefined = first; turn !== undefined; turn = await turn.next()) {
    yield turn.stream;
  }
  return undefined;
}

export async function* textOf<S extends { readonly textStream: AsyncIterable<string> }>(
  first: Turn<S>,
): AsyncGenerator<string, undefined, undefined> {
  for await (const { textStream } of streamsOf(first)) yield* textStream;
  return undefined;
}
