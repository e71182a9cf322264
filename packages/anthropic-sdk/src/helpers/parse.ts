import { AnthropicError } from '../core/error.js';

/** The value of a text of JSON, as a check makes it. @throws AnthropicError for one that does not fit. */
export function parseOutput<T>(content: string, check: (value: unknown) => T): T {
  try {
    return check(JSON.parse(content));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw Object.assign(new AnthropicError(`Failed to parse structured output: ${reason}`), {
      cause,
    });
  }
}
