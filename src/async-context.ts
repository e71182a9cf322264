interface AsyncHooks {
  AsyncResource: { bind<F>(callback: F): F };
}

/**
 * A callback that always runs in the async context of now: what an AsyncLocalStorage holds is that of the
 * code that passed the callback, not of the code whose read happens to call it. On runtimes without
 * `node:async_hooks` it is the callback itself.
 */
export function bindContext<F extends (...args: never[]) => unknown>(callback: F): F {
  const hooks = asyncHooks();
  return hooks === undefined ? callback : hooks.AsyncResource.bind(callback);
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
