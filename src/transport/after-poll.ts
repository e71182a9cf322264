/** Calls back once the platform has delivered what has arrived. A timer's callback can be ahead of that. */
export function afterPoll(callback: () => void): void {
  const { immediate, timeout } = TIMERS;
  if (immediate === undefined) timeout(callback, 0);
  else immediate(callback);
}

interface Timers {
  timeout: (callback: () => void, ms: number) => unknown;
  immediate: ((callback: () => void) => unknown) | undefined;
}

// Taken now: a test that fakes timers later doesn't stop it. Bundlers drop it where nothing uses it.
const TIMERS: Timers = /* @__PURE__ */ (() => {
  const { setTimeout: timeout, setImmediate: immediate } = globalThis as {
    setTimeout: Timers['timeout'];
    setImmediate?: Timers['immediate'];
  };
  return { timeout, immediate };
})();
