import { AnthropicError } from './error.js';

/** Methods that the official client calls for each request, and that subclasses of it override. */
const HOOKS = [
  'authHeaders',
  'apiKeyAuth',
  'bearerAuth',
  'validateHeaders',
  'prepareOptions',
  'prepareRequest',
  'backendMiddleware',
  'buildRequest',
  'buildURL',
  'makeRequest',
  'fetchWithTimeout',
];

/**
 * A subclass such as those for other clouds would send requests that its methods never saw.
 * @throws AnthropicError where a client overrides one of them.
 */
export function refuseOverrides(client: object, base: object): void {
  const methodOf = (owner: object, name: string): unknown =>
    (owner as Record<string, unknown>)[name];
  const hook = HOOKS.find((name) => methodOf(client, name) !== methodOf(base, name));
  if (hook === undefined) return;
  throw new AnthropicError(
    `${client.constructor.name} overrides ${hook}(), which is not called over millrace: use the official SDK under it, or pass a \`fetch\` that changes the request`,
  );
}
