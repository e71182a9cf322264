import { markHandled } from '../pull/mark-handled.js';
import type { AnyMessage } from '../wire/beta.js';
import type { MessageStreamEvent } from '../wire/events.js';
import type { Message } from '../wire/message.js';
import type { ToolEvent } from './tool-events.js';
import type { Turn } from './turn.js';

/** An event of a run: those of its streams, turn after turn, and of its tool calls. */
export type RunnerEvent<M extends AnyMessage = Message> = MessageStreamEvent<M> | ToolEvent;

/** How the events of a run are read. */
export interface RunEventsOptions<E, S> {
  /** The events of a turn's stream. */
  read: (stream: S) => AsyncIterator<E, undefined>;
  /** A turn begins. */
  began?: ((stream: S) => void) | undefined;
}

/** The events of a run from a turn on. A call's events follow those of its block. */
export async function* runEvents<E, S>(
  first: Turn<S>,
  { read, began }: RunEventsOptions<E, S>,
): AsyncGenerator<E | ToolEvent, undefined, undefined> {
  for (let turn: Turn<S> | undefined = first; turn !== undefined; turn = await turn.next()) {
    began?.(turn.stream);
    yield* turnEvents(turn, read(turn.stream));
  }
  return undefined;
}

async function* turnEvents<E>(
  { log, next }: Turn<unknown>,
  reader: AsyncIterator<E, undefined>,
): AsyncGenerator<E | ToolEvent> {
  let wake = (): void => {};
  const change = (): Promise<void> =>
    new Promise((resolve) => {
      wake = resolve;
    });
  let read: IteratorResult<E, undefined> | undefined;
  let failure: { error: unknown } | undefined;
  const ask = (): Promise<void> => {
    read = undefined;
    const settled = reader.next().then(
      (result) => {
        read = result;
      },
      (error) => {
        failure = { error };
      },
    );
    settled.then(() => wake());
    // An event that is at hand has arrived after this turn, and precedes tool events.
    return Promise.resolve();
  };
  const stop = log.listen(() => wake());
  let told = 0;
  try {
    await ask();
    while (!read?.done) {
      if (failure !== undefined) throw failure.error;
      if (read !== undefined) {
        yield read.value as E;
        await ask();
      } else if (told < log.events.length) yield log.events[told++] as ToolEvent;
      else await change();
    }
    markHandled(next());
    while (told < log.events.length || !log.isClosed) {
      if (told < log.events.length) yield log.events[told++] as ToolEvent;
      else await change();
    }
  } finally {
    stop();
    await reader.return?.();
  }
}
