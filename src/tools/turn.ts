import type { ToolLog } from './tool-events.js';

/** One request of a run, its response, and the calls in it. */
export interface Turn<S> {
  readonly stream: S;
  readonly log: ToolLog;
  /**
   * Reads the rest, runs the calls that have not run, and opens the next turn; undefined where this one is
   * the last. Done once, however often it is called.
   */
  readonly next: () => Promise<Turn<S> | undefined>;
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
