import { MessageStream } from '../stream/message-stream.js';
import type { AnyMessage } from '../wire/beta.js';
import type { Message } from '../wire/message.js';
import { type HeldLog, LogSource } from './log-source.js';

/**
 * A stream that is read from its relay: a MessageStream whose readers come and go without a change for the
 * producer. `close()` leaves; `relay.stop()` stops it for everyone.
 */
export class RelayedStream<M extends AnyMessage = Message> extends MessageStream<M> {
  /** For `relay.follow`, `relay.stop` and `relay.handle`. */
  readonly id: string;

  /** @internal Made by `relay.start()` and `relay.follow()`. */
  constructor(id: string, open: () => Promise<HeldLog>, signal?: AbortSignal) {
    super((owner) => new LogSource(open, owner), [signal]);
    this.id = id;
  }
}
