import { APIError, type APIErrorDetails } from './api-error.js';

/** No response, or not all of it: refused, reset, DNS, TLS. `cause` is the original error. */
export class APIConnectionError extends APIError {
  /** @internal */
  override get name(): string {
    return 'APIConnectionError';
  }

  constructor(reason: string, details: APIErrorDetails = {}, retryable = true) {
    super(reason, details, retryable);
  }
}

/** Which clock ran out; see the `timeout` option. */
export type TimeoutPhase = 'response' | 'idle' | 'stall' | 'total';

/** The server took longer than a clock allows. After `total` there is no time left for a retry. */
export class APITimeoutError extends APIConnectionError {
  /** @internal */
  override get name(): string {
    return 'APITimeoutError';
  }

  /** The clock that ran out. */
  readonly phase: TimeoutPhase;

  constructor(
    reason: string,
    phase: TimeoutPhase,
    details: APIErrorDetails = {},
    retryable: boolean = phase !== 'total',
  ) {
    super(reason, details, retryable);
    this.phase = phase;
  }
}

/** The body ended before the message did. */
export class StreamTruncatedError extends APIConnectionError {
  /** @internal */
  override get name(): string {
    return 'StreamTruncatedError';
  }
}

/** The process that produced a relayed stream is gone, and no other could finish the message. */
export class ProducerLostError extends APIConnectionError {
  /** @internal */
  override get name(): string {
    return 'ProducerLostError';
  }
}

/** `close()`, or an AbortSignal; `cause` is the reason. Not a failure of the connection. */
export class APIUserAbortError extends APIError {
  /** @internal */
  override get name(): string {
    return 'APIUserAbortError';
  }

  constructor(reason = 'the request was aborted', details: APIErrorDetails = {}) {
    super(reason, details, false);
  }
}

/** The response violates the protocol: bad JSON, events out of order, an event over the limit. */
export class StreamProtocolError extends APIError {
  /** @internal */
  override get name(): string {
    return 'StreamProtocolError';
  }
}
