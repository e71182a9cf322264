import type * as Fs from 'node:fs';
import type * as WorkerThreads from 'node:worker_threads';
import { AnthropicError } from '../errors.js';

interface Modules {
  'node:fs': typeof Fs;
  'node:worker_threads': typeof WorkerThreads;
}

/**
 * A built-in module of the runtime, synchronously. Not imported: on a runtime without it, an import would
 * fail before anything could say why.
 */
export function builtin<N extends keyof Modules>(name: N): Modules[N] {
  const { process } = globalThis as { process?: { getBuiltinModule?: (name: N) => unknown } };
  const found = process?.getBuiltinModule?.(name) as Modules[N] | undefined;
  if (found === undefined) throw unable(`there is no ${name}`);
  return found;
}

/** @throws AnthropicError on a runtime where a thread cannot wait for another. */
export function assertSupported(): void {
  const { Worker } = builtin('node:worker_threads');
  if (typeof Worker !== 'function') throw unable('there are no worker threads');
  if (typeof SharedArrayBuffer !== 'function') throw unable('there is no SharedArrayBuffer');
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 0);
  } catch (cause) {
    throw unable('this thread may not wait', cause);
  }
}

function unable(what: string, cause?: unknown): AnthropicError {
  return new AnthropicError(
    `SyncAnthropic cannot work here, ${what}: it runs on Node, Bun and Deno; elsewhere use ` +
      "Anthropic from 'millrace'",
    { cause },
  );
}
