import { AnthropicError } from '../core/error.js';

/** What to write instead of a name. */
type Remedy = (name: string) => string;

/**
 * Makes the names of resources and methods that are not here throw where they are used: `undefined` would say
 * nothing.
 * @param owner what they hang on; `path` is how programs call it.
 */
export function refuseAbsent(
  owner: object,
  path: string,
  names: readonly string[],
  remedy: Remedy = plainCalls,
): void {
  for (const name of names) {
    Object.defineProperty(owner, name, {
      enumerable: false,
      get() {
        throw new AnthropicError(
          `${path}.${name} is not part of millrace-anthropic-sdk: ${remedy(name)}, or use the official SDK for it`,
        );
      },
    });
  }
}

function plainCalls(resource: string): string {
  const path = resource.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return `write client.get('/v1/${path}') and client.post(…)`;
}
