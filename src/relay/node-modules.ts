import type * as FileSystem from 'node:fs';
import { AnthropicError } from '../errors.js';

/**
 * `node:fs`. Not imported: bundlers for pages fail at the import, or leave an empty module in its place.
 * @throws AnthropicError where the runtime has none.
 */
export function fileSystem(): typeof FileSystem {
  const { process } = globalThis as {
    process?: { getBuiltinModule?: (name: string) => unknown };
  };
  const found = process?.getBuiltinModule?.('node:fs');
  if (found !== undefined) return found as typeof FileSystem;
  throw new AnthropicError(
    'fileEngine needs a file system: use memoryEngine() or redisEngine(client)',
  );
}
