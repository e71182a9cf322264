import type { UntypedEvent } from '../message/untyped.js';
import type { MessageStream } from '../stream/message-stream.js';
import type { AnyMessage } from '../wire/beta.js';
import type { ToolUseBlock } from '../wire/blocks.js';
import type { RunParams } from './next-turn-params.js';
import { type RunnerEvent, runEvents } from './run-events.js';
import { type RunWireOptions, type Select, servedEvents, wireEvents } from './run-wire.js';
import type { ToolEvent } from './tool-events.js';
import { streamsOf, type Turn, textOf } from './turn.js';

/** The turns of a run, and what its readers get of them. */
export abstract class RunLoop<M extends AnyMessage, S extends MessageStream<M>> {
  abstract readonly first: Turn<S>;
  /** The conversation so far. */
  abstract readonly messages: RunParams['messages'];
  /** The calls that the run has ended without a result for. */
  abstract readonly deferred: readonly ToolUseBlock[];
  /** The usage of all turns so far. */
  abstract readonly usage: unknown;

  /** The stream of each turn. */
  streams(): AsyncGenerator<S, undefined, undefined> {
    return streamsOf(this.first);
  }

  /** The text of all turns. */
  text(): AsyncGenerator<string, undefined, undefined> {
    return textOf(this.first);
  }

  /** The events of all turns, and of their calls. @param began called with the stream of each turn. */
  events(began?: (stream: S) => void): AsyncGenerator<RunnerEvent<M>, undefined, undefined> {
    return runEvents<RunnerEvent<M>, S>(this.first, {
      read: (stream) => stream[Symbol.asyncIterator](),
      began,
    });
  }

  /** The run as it is on the wire. */
  wireEvents(options: RunWireOptions): AsyncGenerator<{ type: string }, undefined, undefined> {
    return wireEvents(this.first, options);
  }

  /** The events as they are passed on. */
  served(select: Select): AsyncGenerator<UntypedEvent | ToolEvent, undefined, undefined> {
    return servedEvents(this.first, select);
  }

  /** Runs to the end and resolves with the last stream. */
  async last(): Promise<S> {
    let last = this.first.stream;
    for await (const stream of this.streams()) last = stream;
    return last;
  }
}
