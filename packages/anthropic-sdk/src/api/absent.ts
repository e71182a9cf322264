import { AnthropicError } from '../core/error.js';

/**
 * Makes the names of resources that are not here throw where they are used: `undefined` would say nothing.
 * @param owner what they hang on; `name` is how programs call it.
 */
export function refuseAbsent(owner: object, name: string, resources: readonly string[]): void {
  for (const resource of resources) {
    Object.defineProperty(owner, resource, {
      enumerable: false,
      get() {
        const path = resource.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
        throw new AnthropicError(
          `${name}.${resource} is not part of millrace-anthropic-sdk: write client.get('/v1/${path}') and client.post(…), or use the official SDK for it`,
        );
      },
    });
  }
}
