interface Builtins {
  getBuiltinModule?: (name: string) => unknown;
}

/**
 * Whether an instrumentation of HTTP makes a span for a request. Those of `node:http` don't see HTTP/2, which
 * `https:` may use.
 */
export function isHttpInstrumented(url: string, isFetch: boolean): boolean {
  if (isFetch) return isWrapped(globalThis.fetch) || hasSubscribers('undici:request:create');
  if (!url.startsWith('http:')) return false;
  const http = builtin('node:http') as { request?: unknown } | undefined;
  return isWrapped(http?.request) || hasSubscribers('http.client.request.created');
}

/** As OpenTelemetry's instrumentations mark the functions that they replace. */
function isWrapped(method: unknown): boolean {
  return typeof method === 'function' && '__wrapped' in method;
}

function hasSubscribers(channel: string): boolean {
  const module = builtin('node:diagnostics_channel') as
    | { hasSubscribers: (name: string) => boolean }
    | undefined;
  return module?.hasSubscribers(channel) ?? false;
}

function builtin(name: string): unknown {
  const { process } = globalThis as { process?: Builtins };
  return process?.getBuiltinModule?.(name);
}
