import { isFunction, isString, must, mustUnseen, type OptionChecks } from './check-options.js';
import { env } from './env.js';
import { AnthropicError, asAnthropicError } from './errors.js';
import type { Credentials, ResolvedOptions } from './transport/options.js';

/** The options of a client for its key or token. */
export interface CredentialOptions {
  /**
   * Sent in the header that `authHeader` says. A function is called before each request, for keys that change.
   * Default: ANTHROPIC_API_KEY.
   */
  apiKey?: string | null | undefined | (() => string | Promise<string>);
  /** A token instead of a key. Default: ANTHROPIC_AUTH_TOKEN. */
  authToken?: string | null | undefined;
  /**
   * Which header has the key or token: `authorization: Bearer …`, as Anthropic and most other servers want it,
   * `x-api-key`, or both. Default `bearer`.
   */
  authHeader?: 'bearer' | 'x-api-key' | 'both' | undefined;
}

/** The checks of these. */
export const CREDENTIAL_OPTIONS: OptionChecks<CredentialOptions> = {
  apiKey: mustUnseen(
    (value) => value === null || isString(value) || isFunction(value),
    'pass a string, a function that returns one, or null for none',
  ),
  authToken: mustUnseen(
    (value) => value === null || isString(value),
    'pass a string, or null for none',
  ),
  authHeader: must(
    (value) => isString(value) && Object.hasOwn(AUTH_HEADERS, value),
    "pass 'bearer', 'x-api-key' or 'both'",
  ),
};

/** An option overrides the environment, even with null; a key overrides a token. */
export function credentials({
  apiKey,
  authToken,
  authHeader = 'bearer',
}: CredentialOptions): ResolvedOptions['credentials'] {
  const fromEnv = (option: unknown, name: string): string | undefined =>
    option === undefined ? env(name) : undefined;
  const key =
    apiKey ??
    authToken ??
    fromEnv(apiKey, 'ANTHROPIC_API_KEY') ??
    fromEnv(authToken, 'ANTHROPIC_AUTH_TOKEN');
  const toHeaders = (key: string | null | undefined): Credentials => {
    const trimmed = trimmedKey(key);
    return trimmed ? AUTH_HEADERS[authHeader](trimmed) : {};
  };
  return typeof key === 'function' ? () => callApiKey(key).then(toHeaders) : toHeaders(key);
}

const AUTH_HEADERS: Readonly<
  Record<NonNullable<CredentialOptions['authHeader']>, (key: string) => Credentials>
> = {
  bearer: (key) => ({ authorization: `Bearer ${key}` }),
  'x-api-key': (key) => ({ 'x-api-key': key }),
  both: (key) => ({ authorization: `Bearer ${key}`, 'x-api-key': key }),
};

function trimmedKey(key: string | null | undefined): string | undefined {
  if (key !== null && key !== undefined && typeof key !== 'string') {
    throw new AnthropicError(`the API key is a ${typeof key}: pass a string, or a function`);
  }
  // Keys from files end with a line break.
  return key?.trim();
}

async function callApiKey(key: () => string | Promise<string>): Promise<string> {
  try {
    return await key();
  } catch (cause) {
    const { message } = asAnthropicError(cause);
    throw new AnthropicError(`apiKey() failed: ${message}`, { cause });
  }
}
