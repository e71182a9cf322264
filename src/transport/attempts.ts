import { AnthropicError, type APITimeoutError, addContext, asAnthropicError } from '../errors.js';
import { sleep } from './clock.js';
import { Deadline, withTimeout } from './deadline.js';
import { unlessAborted } from './on-abort.js';
import type { TransportResponse } from './port.js';
import { buildRequest } from './request.js';
import { checkedRetries, type RetryInfo, withRetries } from './retry.js';
import { send } from './send.js';
import type { Call, RequestOptions, Settings } from './settings.js';
import { requestIdOf } from './to-response.js';

/** What is done with the response of an attempt. As long as it fails, the attempt has failed. */
export type Use<T> = (response: TransportResponse, attempt: Attempt) => Promise<T>;

/** What reading a response needs to know of its request. */
export interface Attempt {
  deadline: Deadline;
  /** Fires when the attempt is over; its reason is the AnthropicError to throw. */
  signal: AbortSignal;
}

/** Who wants to know of each try. */
export interface TryListener {
  /** A request goes out. */
  onTry: () => void;
  /** It failed. Where `onRetry` follows, there will be another. */
  onTryFailed: (error: AnthropicError) => void;
  onRetry: (info: RetryInfo) => void;
}

/** One call to the API: its tries, the time they have together, and a way to end them. */
export class Attempts {
  readonly #settings: Settings;
  readonly #call: Call;
  readonly #options: RequestOptions;
  readonly #maxRetries: number;
  readonly #deadline: Deadline;
  /** Of the try or the pause that is going on. */
  #current: AbortController | undefined;
  #cancelled: AnthropicError | undefined;

  /** @param waited what of the `total` limit is spent already, in milliseconds. */
  constructor(settings: Settings, call: Call, options: RequestOptions, waited = 0) {
    this.#settings = settings;
    this.#call = call;
    this.#options = options;
    this.#maxRetries = checkedRetries(options.maxRetries ?? settings.maxRetries);
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

  /** Tries until `use` succeeds, or what went wrong is not worth another try. */
  run<T>(use: Use<T>, listener: Partial<TryListener> = {}): Promise<T> {
    const { clock, observe } = this.#settings;
    return withRetries(() => this.#try(use, listener), {
      maxRetries: this.#maxRetries,
      pause: (ms) => this.#deadline.wait(sleep(ms, clock, this.#begin()), 'backoff'),
      onRetry: (info) => {
        observe?.({ type: 'retry', ...info });
        listener.onRetry?.(info);
      },
    });
  }

  /** Ends everything, now. `run` rejects with the reason. */
  cancel(reason: AnthropicError): void {
    this.#cancelled ??= reason;
    this.#current?.abort(reason);
    this.#deadline.clear();
  }

  async #try<T>(use: Use<T>, listener: Partial<TryListener>): Promise<T> {
    try {
      return await this.#once(use, listener);
    } catch (error) {
      listener.onTryFailed?.(asAnthropicError(error));
      throw error;
    }
  }

  async #once<T>(use: Use<T>, { onTry }: Partial<TryListener>): Promise<T> {
    this.#deadline.progress();
    const signal = this.#begin();
    let key = this.#settings.authorization();
    // It may come from somebody who never answers.
    if (key instanceof Promise) key = await unlessAborted(key, signal);
    const request = buildRequest(this.#settings, this.#call, this.#options, key);
    // The end may have come since.
    signal.throwIfAborted();
    onTry?.();
    const attempt = { deadline: this.#deadline, signal };
    const response = await send(this.#settings, request, attempt);
    try {
      return await use(response, attempt);
    } catch (error) {
      response.body.cancel(error);
      this.#deadline.clear();
      if (!(error instanceof AnthropicError)) throw error;
      throw addContext(error, { requestId: requestIdOf(response.head) });
    }
  }

  /** What goes on now ends with this signal; its reason is an AnthropicError. */
  #begin(): AbortSignal {
    if (this.#cancelled !== undefined) throw this.#cancelled;
    this.#current = new AbortController();
    return this.#current.signal;
  }
}
