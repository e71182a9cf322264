/** Calls back once the platform has delivered what has arrived. A timer's callback can be ahead of that. */
export function afterPoll(callback: () => void): void {
  if (immediate === undefined) timeout(callback, 0);
  else immediate(callback);
}

// Taken now: a test that fakes timers later doesn't stop it.
const { setTimeout: timeout, setImmediate: immediate } = globalThis as {
  setTimeout: (callback: () => void, ms: number) => unknown;
  setImmediate?: (callback: () => void) => unknown;
};
