import type { AnthropicError } from '../errors.js';
import type { UntypedEvent, UntypedMessage } from '../message/untyped.js';
import type { Poll, Wake } from '../pull/poll.js';
import type { ResponseHead } from '../transport/port.js';
import type { TryListener } from '../transport/retrying-request.js';
import type { StreamAttempt } from './attempt-log.js';
import type { RecoverInfo } from './recover/options.js';

/** The next event; undefined when the message is complete. */
export type Next = UntypedEvent | undefined;

/** Where something that streams comes from. Nothing happens before the first question. One that blocks never returns PENDING. */
export interface Source<T> {
  /**
   * Sends the request, if there is one to send and it has not gone out. May be asked several times.
   * @throws AnthropicError
   */
  connect(wake: Wake): Poll<ResponseHead>;
  /** One question at a time. @throws AnthropicError */
  next(wake: Wake): Poll<T>;
  /** Closes the connection. */
  cancel(reason: AnthropicError): void;
}

/** Where the raw events of one message come from. */
export type EventSource = Source<Next>;

/** What a source reports about its requests, and what it asks about the message. */
export interface SourceOwner extends Pick<TryListener, 'onRetry' | 'onTryFailed'> {
  onTry: (kind: StreamAttempt['kind']) => void;
  onHead: (head: ResponseHead) => void;
  /** The message has started; the event is delivered when content follows it. */
  onHeld: (event: UntypedEvent) => void;
  onRecover: (info: RecoverInfo) => void;
  /** An event that those who read now have already: it is part of the message, and is not delivered to them. */
  onSeen: (event: UntypedEvent) => void;
  /**
   * What was delivered so far, and the place of the block that is not finished. Undefined where there is
   * no message yet, or its blocks did not arrive in order.
   */
  partial: () => { message: UntypedMessage; open: number | undefined } | undefined;
}
