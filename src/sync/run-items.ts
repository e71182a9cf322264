import type { RunnerEvent } from '../tools/run-events.js';
import { waitsForItself } from '../tools/task.js';
import type { ToolEvent } from '../tools/tool-events.js';
import type { Turn } from '../tools/turn.js';
import type { AnyMessage } from '../wire/beta.js';
import type { MessageStreamEvent } from '../wire/events.js';

type BlockingTurn<S> = Turn<S, 'blocking'>;

/** The items of a generator, for a reader. */
export function itemsOf<T>(items: Generator<T, undefined, undefined>): {
  poll: () => T | undefined;
  leave: () => void;
} {
  let isRunning = false;
  const run = <R>(step: () => R): R => {
    if (isRunning) throw waitsForItself();
    isRunning = true;
    try {
      return step();
    } finally {
      isRunning = false;
    }
  };
  return {
    poll: () => run(() => items.next()).value,
    leave: () => void run(() => items.return(undefined)),
  };
}

// The functions below walk the turns from the first one on; each is finished when its reader is done.

export function* streamsOf<S>(first: BlockingTurn<S>): Generator<S, undefined, undefined> {
  for (const { stream } of turnsOf(first)) yield stream;
  return undefined;
}

export function* textOf<S extends { readonly textStream: Iterable<string> }>(
  first: BlockingTurn<S>,
): Generator<string, undefined, undefined> {
  for (const { stream } of turnsOf(first)) yield* stream.textStream;
  return undefined;
}

export function* eventsOf<M extends AnyMessage, S extends Iterable<MessageStreamEvent<M>>>(
  first: BlockingTurn<S>,
): Generator<RunnerEvent<M>, undefined, undefined> {
  for (const turn of turnsOf(first)) yield* turnEvents<M>(turn);
  return undefined;
}

function* turnsOf<S>(first: BlockingTurn<S>): Generator<BlockingTurn<S>, void, undefined> {
  let turn: BlockingTurn<S> | undefined = first;
  for (; turn !== undefined; turn = turn.next().result()) yield turn;
}

function* turnEvents<M extends AnyMessage>({
  stream,
  log,
  next,
}: BlockingTurn<Iterable<MessageStreamEvent<M>>>): Generator<RunnerEvent<M>, void, undefined> {
  let told = 0;
  function* news(): Generator<ToolEvent, void, undefined> {
    while (told < log.events.length) yield log.events[told++] as ToolEvent;
  }
  const reader = stream[Symbol.iterator]();
  try {
    for (;;) {
      const before = log.events.length;
      let read: IteratorResult<MessageStreamEvent<M>>;
      try {
        read = reader.next();
      } finally {
        // Calls that ran early, while it read. Others come after the stream, as for a late reader.
        if (log.events.length > before) yield* news();
      }
      if (read.done) break;
      yield read.value;
    }
    const finished = next();
    while (!finished.advance()) yield* news();
    yield* news();
  } finally {
    reader.return?.();
  }
}
