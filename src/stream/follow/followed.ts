import type { AnthropicError } from '../../errors.js';
import type { Poll, Wake } from '../../pull/poll.js';
import type { Attempt } from '../../transport/body-text.js';
import type { TransportResponse } from '../../transport/port.js';

/**
 * Opens a connection to a stream, from after an event on; from its start where the id is undefined. The signal fires
 * when the connection is not needed any more: Firefox and workerd keep the socket of a body that is only cancelled.
 */
export type OpenConnection = (
  lastEventId: string | undefined,
  signal: AbortSignal,
) => Promise<Response>;

/** What one connection brings. */
export interface ConnectionEvents<T> {
  next(wake: Wake): Poll<T>;
  /** The id of the last event that was taken in; '' for none. */
  readonly lastEventId: string;
  /** How long the server asks to wait before a new connection, in milliseconds. */
  readonly retry: number | undefined;
  /** How many bytes of events were received. */
  readonly bytes: number;
  /** Nothing is expected for now, however long: a tool runs, or a person is asked. */
  readonly isWaiting?: boolean;
}

/** What is followed: a message, or a run. */
export interface Followed<T> {
  /** Names the method in errors. */
  method: string;
  /**
   * Reads a connection.
   * @param context.received how many bytes earlier ones brought.
   * @param context.failed called with an error that the stream itself has ended with, and not a connection.
   */
  read: (
    response: TransportResponse,
    attempt: Attempt,
    context: { received: number; failed: (error: AnthropicError) => void },
  ) => ConnectionEvents<T>;
  /** Whether nothing comes after it. */
  isLast: (event: T) => boolean;
}
