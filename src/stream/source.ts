import type { AnthropicError } from '../errors.js';
import type { LooseEvent, LooseMessage } from '../message/loose.js';
import type { TryListener } from '../transport/attempts.js';
import { type MaybeLater, promised, type Waiting } from '../transport/later.js';
import type { ResponseHead } from '../transport/port.js';
import type { StreamAttempt } from './attempt-log.js';
import type { RecoverInfo } from './recover/options.js';

/** The next event; undefined when the message is complete. */
export type Next = LooseEvent | undefined;

/**
 * Where the raw events of one message come from. Nothing happens before the first call.
 * One call of `next` at a time.
 */
export interface EventSource {
  /** Sends the request, if there is one to send and it has not gone out. */
  connect(): Promise<ResponseHead>;
  /** Fails, or throws, with an AnthropicError. */
  next(waiting: Waiting<Next>): MaybeLater<Next>;
  /** Closes the connection. */
  cancel(reason: AnthropicError): void;
}

/** The next event for one who awaits, where that is not for each event. */
export function promisedNext(source: Pick<EventSource, 'next'>): Promise<Next> {
  return promised((waiting: Waiting<Next>) => source.next(waiting));
}

/** Whom a source tells about its requests, and asks about the message. */
export interface SourceOwner extends Pick<TryListener, 'onRetry' | 'onTryFailed'> {
  onTry: (how: StreamAttempt['how']) => void;
  onHead: (head: ResponseHead) => void;
  /** The message has started; the event is handed out when content follows it. */
  onHeld: (event: LooseEvent) => void;
  onRecover: (info: RecoverInfo) => void;
  /**
   * What was handed out so far, and the place of the block that is not finished. Undefined where there
   * is no message yet, or its blocks did not come in order.
   */
  partial: () => { message: LooseMessage; open: number | undefined } | undefined;
}
