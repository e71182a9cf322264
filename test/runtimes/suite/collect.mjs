/* How garbage is collected, and memory measured, where code can do it. */

const { Bun, Deno, gc, process } = globalThis;

/** What ended a moment ago is held by timers and callbacks that are still to run. */
async function rounds(collectOnce) {
  for (let n = 0; n < 5; n++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    await collectOnce();
  }
}

export const OWN_PROCESS = {
  collect: () => rounds(() => (Bun === undefined ? gc() : Bun.gc(true))),
  heap: async () => (Deno ?? process).memoryUsage().heapUsed,
};

export const WORKER = { collect: () => rounds(gc) };
