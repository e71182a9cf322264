import type * as Crypto from 'node:crypto';
import type * as FileSystem from 'node:fs/promises';
import type * as Http from 'node:http';
import type * as Http2 from 'node:http2';
import type * as Net from 'node:net';

interface Modules {
  'node:crypto': typeof Crypto;
  'node:fs/promises': typeof FileSystem;
  'node:http': typeof Http;
  'node:http2': typeof Http2;
  'node:net': typeof Net;
}

/**
 * A built-in module of the runtime. Not imported: bundlers for pages fail at the import, or leave an empty
 * module in its place.
 * @throws Error that says what is to be done without it.
 */
export function builtin<N extends keyof Modules>(name: N, otherwise: string): Modules[N] {
  const { process } = globalThis as { process?: { getBuiltinModule?: (name: N) => unknown } };
  const found = process?.getBuiltinModule?.(name);
  if (found === undefined) throw new Error(otherwise);
  return found as Modules[N];
}
