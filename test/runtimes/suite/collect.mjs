/* How garbage is collected, and memory measured, where code can do it. */

const { Bun, Deno, gc, process, performance, TestUtils } = globalThis;

/** What ended a moment ago is held by timers and callbacks that are still to run. */
async function rounds(collectOnce) {
  for (let n = 0; n < 5; n++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    await collectOnce();
  }
}

export const OWN_PROCESS = {
  streams: 600,
  collect: () => rounds(() => (Bun === undefined ? gc() : Bun.gc(true))),
  heap: async () => (Deno ?? process).memoryUsage().heapUsed,
};

export const WORKER = { streams: 600, collect: () => rounds(gc) };

/** Chromium has `gc` and its heap by flags, Firefox `TestUtils` by a setting (run-page.mjs, run-firefox.mjs). */
export const PAGE = {
  // Each takes three times as long as in Node.
  streams: 200,
  collect: () => rounds(gc ?? (() => TestUtils.gc())),
  heap: performance.memory && (async () => performance.memory.usedJSHeapSize),
};
