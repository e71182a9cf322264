interface AsyncHooks {
  AsyncResource: new (
    type: string,
    options: { requireManualDestroy: boolean },
  ) => { runInAsyncScope<T>(work: (...args: never[]) => T, self: undefined, ...args: never[]): T };
}

/**
 * A callback that always runs in the async context of now: what an AsyncLocalStorage holds is that of the
 * code that passed the callback, not of the code whose read happens to call it. On runtimes without
 * `node:async_hooks` it is the callback itself.
 */
export function bindContext<F extends (...args: never[]) => unknown>(callback: F): F {
  const hooks = asyncHooks();
  if (hooks === undefined) return callback;
  // Not AsyncResource.bind: it costs five times as much. Nothing waits for its destruction.
  const resource = new hooks.AsyncResource('millrace', { requireManualDestroy: true });
  return ((...args: never[]) => resource.runInAsyncScope(callback, undefined, ...args)) as F;
}

let loaded: AsyncHooks | undefined | null = null;

function asyncHooks(): AsyncHooks | undefined {
  if (loaded !== null) return loaded;
  const { process } = globalThis as { process?: { getBuiltinModule?: (name: string) => unknown } };
  try {
    loaded = process?.getBuiltinModule?.('node:async_hooks') as AsyncHooks | undefined;
  } catch {
    loaded = undefined;
  }
  return loaded;
}
