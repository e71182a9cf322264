import { AnthropicError } from '../errors.js';

/**
 * The id of a stream, checked.
 * @throws AnthropicError for one that is no text of 1 to 256 characters.
 */
export function checkId(id: unknown): string {
  if (typeof id === 'string' && ID.test(id)) return id;
  const what = typeof id === 'string' ? `has ${id.length} characters` : `is ${typeof id}`;
  throw new AnthropicError(
    `the id of the stream ${what}: pass 1 to 256 characters without control characters, such as crypto.randomUUID()`,
  );
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are refused.
const ID = /^[^\u0000-\u001f\u007f]{1,256}$/;
