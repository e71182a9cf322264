import type * as Crypto from 'node:crypto';
import type * as FileSystem from 'node:fs';
import { AnthropicError } from '../errors.js';

/**
 * `node:fs`. Not imported: bundlers for pages fail at the import, or leave an empty module in its place.
 * @throws AnthropicError where the runtime has none.
 */
export function fileSystem(): typeof FileSystem {
  const found = builtin('node:fs');
  if (found !== undefined) return found as typeof FileSystem;
  throw new AnthropicError(
    'fileEngine needs a file system: use memoryEngine() or redisEngine(client)',
  );
}

/** `node:crypto`, which needs no other thread for a digest; undefined where the runtime has none. */
export function nodeCrypto(): typeof Crypto | undefined {
  return builtin('node:crypto') as typeof Crypto | undefined;
}

function builtin(name: string): unknown {
  const { process } = globalThis as {
    process?: { getBuiltinModule?: (name: string) => unknown };
  };
  return process?.getBuiltinModule?.(name);
}
