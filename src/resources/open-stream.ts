import type { OutputFormat } from '../output/format.js';
import { markHandled } from '../pull/mark-handled.js';
import { LazySource } from '../stream/lazy-source.js';
import { MessageStream } from '../stream/message-stream.js';
import { openSource, type StreamOptions } from '../stream/open-source.js';
import type { EventSource, SourceOwner } from '../stream/source.js';
import { inCallContext } from '../transport/call-context.js';
import type { AbortSignals } from '../transport/on-abort.js';
import type { AnyMessage } from '../wire/beta.js';
import type { TracedCall } from './made-call.js';

/** What a stream is, besides its call. */
interface Opening {
  options: StreamOptions;
  /** They end it. */
  signals: AbortSignals;
  format?: OutputFormat | undefined;
  /** Events that come before those of its requests, from elsewhere. */
  received?: EventSource;
}

type Open = (owner: SourceOwner) => EventSource;

/** The stream of a call that is made now. */
export function openStream<M extends AnyMessage>(
  made: TracedCall | Promise<TracedCall>,
  opening: Opening,
): MessageStream<M> {
  const { format, signals } = opening;
  const open =
    made instanceof Promise
      ? whenTraced(markHandled(made.then((traced) => opener(traced, opening))))
      : opener(made, opening);
  return format === undefined ? new MessageStream<M>(open, signals) : format.open<M>(open, signals);
}

/** It runs in the async context of the call. */
function opener({ call, settings, toTraced }: TracedCall, { options, received }: Opening): Open {
  const own = inCallContext(settings);
  return (owner) => toTraced(openSource(own, call, options, owner, received));
}

const whenTraced =
  (open: Promise<Open>): Open =>
  (owner) =>
    new LazySource(async () => (await open)(owner));
