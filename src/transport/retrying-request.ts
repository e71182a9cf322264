import {
  AnthropicError,
  APIConnectionError,
  type APITimeoutError,
  addContext,
  asAnthropicError,
} from '../errors.js';
import type { Attempt } from './body-text.js';
import { Cancellation, type CancelSignal } from './cancellation.js';
import { sleep } from './clock.js';
import { Deadline } from './deadline.js';
import { unlessAborted } from './on-abort.js';
import type { ApiRequest, RequestOptions, ResolvedOptions } from './options.js';
import type { TransportResponse } from './port.js';
import { buildRequest } from './request.js';
import { type RetryInfo, withRetries } from './retry.js';
import { send } from './send.js';
import { withTimeout } from './timeouts.js';
import { requestIdOf } from './to-response.js';

/** What is done with the response of an attempt. Where it fails, the attempt has failed. */
export type ResponseHandler<T> = (response: TransportResponse, attempt: Attempt) => Promise<T>;

/** Notified of each try. */
export interface TryListener {
  /** A request goes out. */
  onTry: () => void;
  /** It failed. Where `onRetry` follows, there will be another. */
  onTryFailed: (error: AnthropicError) => void;
  onRetry: (info: RetryInfo) => void;
}

/** One request to the API: its tries, the time that they share, and a way to cancel them. */
export class RetryingRequest {
  readonly #settings: ResolvedOptions;
  /** Undefined once nothing can be tried again: its body can be megabytes. */
  #call: ApiRequest | undefined;
  readonly #options: RequestOptions;
  readonly #maxRetries: number;
  readonly #deadline: Deadline;
  /** Of the current try or pause. */
  #current: Cancellation | undefined;
  #cancelled: AnthropicError | undefined;
  /** A connection failed, or was silent: the others that are kept may be dead, too. */
  #isFresh: boolean;

  /**
   * @param waited how much of the `total` limit is spent already, in milliseconds.
   * @param isFresh whether the first try needs a new connection, too.
   */
  constructor(
    settings: ResolvedOptions,
    call: ApiRequest,
    options: RequestOptions,
    waited = 0,
    isFresh = false,
  ) {
    this.#settings = settings;
    this.#call = call;
    this.#options = options;
    this.#isFresh = isFresh;
    this.#maxRetries = options.maxRetries ?? settings.maxRetries;
    const limits = withTimeout(settings.timeouts, options.timeout);
    const close = (error: APITimeoutError): void => {
      if (error.phase === 'total') this.cancel(error);
      else this.#current?.abort(error);
    };
    this.#deadline = new Deadline(limits, settings.clock, close, waited);
  }

  /** Milliseconds that were spent waiting for the server. */
  get waited(): number {
    return this.#deadline.waited;
  }

  /** Tries until `use` succeeds, or a failure isn't worth another try. Once. */
  run<T>(use: ResponseHandler<T>, listener: Partial<TryListener> = {}): Promise<T> {
    const { clock, report } = this.#settings;
    return withRetries(() => this.#try(use, listener), {
      maxRetries: this.#maxRetries,
      onFailure: (error) => {
        this.#isFresh = error instanceof APIConnectionError;
        listener.onTryFailed?.(asAnthropicError(error));
      },
      pause: (ms) => this.#deadline.wait(sleep(ms, clock, this.#begin()), 'backoff'),
      onRetry: (info) => {
        report?.({ type: 'retry', ...info });
        listener.onRetry?.(info);
      },
    });
  }

  /** Ends everything, now. `run` rejects with the reason. */
  cancel(reason: AnthropicError): void {
    this.#cancelled ??= reason;
    this.#call = undefined;
    this.#current?.abort(reason);
    this.#deadline.clear();
  }

  async #try<T>(use: ResponseHandler<T>, { onTry }: Partial<TryListener>): Promise<T> {
    this.#deadline.restart();
    const signal = this.#begin();
    let { credentials } = this.#settings;
    if (typeof credentials === 'function') {
      // A function of the caller may never settle.
      const unaborted = unlessAborted(credentials(), signal);
      credentials = await this.#deadline.wait(unaborted, 'response', 'apiKey() did not settle');
    }
    // It may have been cancelled in the meantime.
    signal.throwIfAborted();
    const call = this.#call as ApiRequest;
    const request = buildRequest(this.#settings, call, this.#options, credentials);
    request.isFresh = this.#isFresh;
    onTry?.();
    const attempt = { deadline: this.#deadline, signal, url: request.url };
    const response = await send(this.#settings, request, attempt);
    try {
      const result = await use(response, attempt);
      this.#call = undefined;
      return result;
    } catch (error) {
      response.body.cancel(error);
      this.#deadline.clear();
      if (!(error instanceof AnthropicError)) throw error;
      throw addContext(error, { requestId: requestIdOf(response.head) });
    }
  }

  /** The signal that ends what begins now; its reason is an AnthropicError. */
  #begin(): CancelSignal {
    if (this.#cancelled !== undefined) throw this.#cancelled;
    this.#current = new Cancellation();
    return this.#current;
  }
}
