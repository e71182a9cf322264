import type { AnthropicError } from '../errors.js';
import type { LooseEvent } from '../message/loose.js';
import type { ResponseHead } from '../transport/port.js';
import type { RetryInfo } from '../transport/retry.js';

/** A value at once where it is at hand: a promise for each event would cost more than the event. */
export type MaybePromise<T> = T | Promise<T>;

/**
 * Where the raw events of one message come from. Nothing happens before the first call.
 * One call of `next` at a time.
 */
export interface EventSource {
  /** Sends the request, if there is one to send and it has not gone out. */
  connect(): Promise<ResponseHead>;
  /** The next event; undefined when the message is complete. Fails with an AnthropicError. */
  next(): MaybePromise<LooseEvent | undefined>;
  /** Closes the connection. */
  cancel(reason: AnthropicError): void;
}

/** Whom a source tells about its requests. */
export interface SourceListener {
  onHead: (head: ResponseHead) => void;
  onRetry: (info: RetryInfo) => void;
}
