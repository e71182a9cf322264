import { AnthropicError, asAnthropicError } from '../errors.js';

/**
 * Loads code that few need: bundlers make a separate chunk of a dynamic import.
 * @param what the feature that needs it, for the error message.
 * @throws AnthropicError (rejects) where it does not load: a chunk may be gone from its server.
 */
export async function loadChunk<T>(what: string, chunk: Promise<T>): Promise<T> {
  try {
    return await chunk;
  } catch (cause) {
    const why = asAnthropicError(cause).message;
    throw new AnthropicError(`the code for ${what} did not load: ${why}`, { cause });
  }
}
