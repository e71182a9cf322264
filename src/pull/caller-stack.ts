import { isError } from '../thrown.js';

type Capture = (holder: { stack?: string }, below: unknown) => void;

/** Errors whose stack shows a caller: the first one to receive them from a stream. */
const fromStreams = new WeakSet<object>();
/** The same for a run of tools, which receives the error from a stream itself. */
export const fromRuns: WeakSet<object> = new WeakSet<object>();

/**
 * A promise to return to callers: a failure has their code in its stack, and is no unhandled rejection
 * where it is awaited late, or never.
 * @param shown the errors that have been received before.
 */
export function forCaller<T>(
  promise: Promise<T>,
  shown: WeakSet<object> = fromStreams,
): Promise<T> {
  const outer: Promise<T> = new Promise((resolve) => {
    promise.then(resolve, (error) => resolve(rejectWithCaller(error, () => outer, shown)));
  });
  return outer;
}

/**
 * Rejects with an error whose stack shows the code that awaits a promise. V8 finds it where an async
 * function fails that this promise alone waits for, so nothing is captured before the failure: an event
 * costs nothing.
 * @param promise the one that was returned to the caller. It is marked as handled.
 */
export async function rejectWithCaller(
  error: unknown,
  promise: () => Promise<unknown> | undefined,
  shown: WeakSet<object> = fromStreams,
): Promise<never> {
  // In the first turn the promise is resolved with this function's, in the second it subscribes to that.
  await undefined;
  await undefined;
  showCaller(error, rejectWithCaller, shown);
  promise()?.catch(() => {});
  throw error;
}

/** Adds the frames below a function to an error's stack: those of the code that called it. */
export function showCaller(
  error: unknown,
  below: unknown,
  shown: WeakSet<object> = fromStreams,
): void {
  const capture = (Error as { captureStackTrace?: Capture }).captureStackTrace;
  if (capture === undefined || !isError(error) || shown.has(error)) return;
  const holder: { stack?: string } = {};
  capture(holder, below);
  const frames = (holder.stack?.slice(startOfFrames(holder.stack)) ?? '').replace(QUEUE_FRAME, '');
  if (frames === '') return;
  shown.add(error);
  const stack = error.stack ?? '';
  const start = startOfFrames(stack);
  const value = `${stack.slice(0, start)}${frames}${stack.slice(start)}`;
  Reflect.defineProperty(error, 'stack', { value, configurable: true, writable: true });
}

/** The frame that runs promise reactions on Node: it says nothing. */
const QUEUE_FRAME = /\n {4}at process\.processTicksAndRejections [^\n]*/;

function startOfFrames(stack: string): number {
  const start = stack.indexOf('\n    at ');
  return start === -1 ? stack.length : start;
}
