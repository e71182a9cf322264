import { asAnthropicError } from '../errors.js';
import { raise } from '../thrown.js';

/** What an AbortSignal and a Cancellation have in common: whether something is over, and why. */
export interface CancelSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  throwIfAborted(): void;
  addEventListener(name: 'abort', callback: () => void, options?: { once: boolean }): void;
  removeEventListener(name: 'abort', callback: () => void): void;
}

/**
 * A signal, and what fires it. Each request has one that never leaves millrace: an AbortController with two listeners
 * would cost it 30 µs in a young process.
 */
export class Cancellation implements CancelSignal {
  aborted = false;
  reason: unknown;
  readonly #callbacks = new Set<() => void>();

  /** Fires, with the reason. Only the first call counts. */
  abort(reason: unknown): void {
    if (this.aborted) return;
    this.aborted = true;
    this.reason = reason;
    callEach(this.#callbacks);
    this.#callbacks.clear();
  }

  throwIfAborted(): void {
    if (this.aborted) throw this.reason;
  }

  addEventListener(_: 'abort', callback: () => void): void {
    this.#callbacks.add(callback);
  }

  removeEventListener(_: 'abort', callback: () => void): void {
    this.#callbacks.delete(callback);
  }
}

/** One callback that fails must not keep the others from being called. */
export function callEach(callbacks: Iterable<() => void>): void {
  for (const callback of callbacks) {
    try {
      callback();
    } catch (error) {
      raise(asAnthropicError(error));
    }
  }
}
