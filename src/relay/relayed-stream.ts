import { MessageStream } from '../stream/message-stream.js';
import { traceFollow } from '../trace/relay-trace.js';
import type { AnyMessage } from '../wire/beta.js';
import type { Message } from '../wire/message.js';
import { type HeldLog, LogSource } from './log-source.js';
import type { FollowOptions } from './options.js';
import { traceLogSource } from './traced-log-source.js';

/**
 * A stream that is read from its relay: a MessageStream whose readers come and go without a change for the
 * producer. `close()` leaves; `relay.stop()` stops it for everyone.
 */
export class RelayedStream<M extends AnyMessage = Message> extends MessageStream<M> {
  /** For `relay.follow`, `relay.stop` and `relay.handle`. */
  readonly id: string;

  readonly #source: LogSource;

  /** @internal Made by `relay.start()` and `relay.follow()`. */
  constructor(
    id: string,
    open: () => Promise<HeldLog>,
    { signal, after, client }: FollowOptions = {},
  ) {
    let source: LogSource | undefined;
    super(
      (owner) => {
        source = new LogSource(open, owner, after);
        return traceLogSource(traceFollow(client), source);
      },
      [signal],
    );
    this.id = id;
    this.#source = source as unknown as LogSource;
  }

  /**
   * The id of the last event that was read: `after` of the next `relay.follow()`, and `Last-Event-ID` of a request.
   * Undefined before the first one.
   */
  get lastEventId(): string | undefined {
    return this.#source.lastEventId;
  }
}
