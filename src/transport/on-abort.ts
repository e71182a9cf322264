import { must, type OptionCheck } from '../check-options.js';
import { APIUserAbortError } from '../errors.js';
import { Cancellation, type CancelSignal, callEach } from './cancellation.js';

/** The check of a `signal` option. By its members: polyfills and other realms have classes of their own. */
export const anAbortSignal: OptionCheck = must(
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    'aborted' in value &&
    typeof (value as AbortSignal).addEventListener === 'function',
  'pass an AbortSignal, such as new AbortController().signal, or leave it out',
);

/** Callbacks by signal, so that a signal has one listener however many streams share it. */
const waiting = new WeakMap<CancelSignal, { callbacks: Set<() => void>; listener: () => void }>();

/**
 * Calls back when a signal fires; at once if it has fired. A thousand streams on one signal are one
 * listener: Node warns of a leak from eleven on.
 * @returns a function that removes the callback, and with the last one the listener.
 */
export function onAbort(signal: CancelSignal | undefined, callback: () => void): () => void {
  if (signal === undefined) return () => {};
  if (signal.aborted) {
    callback();
    return () => {};
  }
  // It has no limit on its listeners.
  if (signal instanceof Cancellation) {
    signal.addEventListener('abort', callback);
    return () => signal.removeEventListener('abort', callback);
  }
  const entry = waiting.get(signal) ?? listen(signal);
  entry.callbacks.add(callback);
  return () => {
    if (!entry.callbacks.delete(callback) || entry.callbacks.size > 0) return;
    waiting.delete(signal);
    signal.removeEventListener('abort', entry.listener);
  };
}

/** The signals that end what a call has open: the caller's own, and that of its client's end. */
export type AbortSignals = readonly (CancelSignal | undefined)[];

/**
 * Ends something with the error that its readers get, when the first of the signals fires; at once if it
 * has fired.
 * @returns a function that stops listening.
 */
export function endOnAbort(
  signals: AbortSignals,
  end: (error: APIUserAbortError) => void,
): () => void {
  const fired = signals.find((signal) => signal?.aborted);
  if (fired !== undefined) {
    end(abortError(fired));
    return () => {};
  }
  // Nearly always it is one.
  const [first, ...others] = signals.filter((signal) => signal !== undefined);
  const watch = (signal: CancelSignal | undefined): (() => void) =>
    onAbort(signal, () => end(abortError(signal)));
  const stop = watch(first);
  if (others.length === 0) return stop;
  const stops = others.map(watch);
  return () => {
    for (const each of [stop, ...stops]) each();
  };
}

function abortError(signal: CancelSignal | undefined): APIUserAbortError {
  const cause: unknown = signal?.reason;
  const why = cause instanceof APIUserAbortError ? cause.reason : 'the request was aborted';
  return new APIUserAbortError(why, { cause });
}

/** What a closed client says of its open and its later requests. */
export const CLIENT_CLOSED = 'the client was closed: make another to send more requests';

/** Settles as the promise does, unless the signal fires first: then it rejects with the reason. */
export function unlessAborted<T>(promise: Promise<T>, signal: CancelSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stopListening = onAbort(signal, () => reject(signal.reason));
    promise.finally(stopListening).then(resolve, reject);
  });
}

function listen(signal: CancelSignal): { callbacks: Set<() => void>; listener: () => void } {
  const callbacks = new Set<() => void>();
  const listener = (): void => {
    waiting.delete(signal);
    callEach(callbacks);
  };
  const entry = { callbacks, listener };
  waiting.set(signal, entry);
  signal.addEventListener('abort', listener, { once: true });
  return entry;
}
