import { AnthropicError, asAnthropicError } from '../errors.js';

/**
 * Code that few need: bundlers make a chunk of its own of what is imported so.
 * @param what it is for, as the error says it.
 * @throws AnthropicError (rejects) where it does not load: a chunk may be gone from its server.
 */
export async function load<T>(what: string, chunk: Promise<T>): Promise<T> {
  try {
    return await chunk;
  } catch (cause) {
    const why = asAnthropicError(cause).message;
    throw new AnthropicError(`the code for ${what} did not load: ${why}`, { cause });
  }
}
