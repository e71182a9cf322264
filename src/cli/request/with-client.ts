import { Anthropic, type ClientOptions } from '../../index.js';
import type { Values } from '../options/option.js';
import type { NETWORK } from '../options/options.js';
import { readEnv, type Terminal } from '../terminal.js';
import { UsageError } from '../usage-error.js';

/** The options of a client. */
export type Connection = Pick<
  Values<typeof NETWORK>,
  'base-url' | 'auth-header' | 'proxy' | 'no-proxy'
>;

/**
 * Runs `use` with a client of the API. Without a key and without another server it is a client of the
 * built-in emulator; a line on stderr says so.
 * @param fallback what the emulator does, for that line.
 */
export async function withClient<T>(
  connection: Connection,
  terminal: Terminal,
  use: (client: Anthropic) => Promise<T>,
  fallback = 'replies with a built-in story',
): Promise<T> {
  const hasKey =
    readEnv(terminal, 'ANTHROPIC_API_KEY') !== undefined ||
    readEnv(terminal, 'ANTHROPIC_AUTH_TOKEN') !== undefined;
  const options = toClientOptions(connection);
  if (hasKey) return use(new Anthropic(options));
  if ((options.baseURL ?? readEnv(terminal, 'ANTHROPIC_BASE_URL')) !== undefined) {
    return use(new Anthropic({ ...options, apiKey: 'none' }));
  }
  terminal.stderr.printLine(
    `millrace: ANTHROPIC_API_KEY is not set: the built-in emulator ${fallback}`,
  );
  const { withStories } = await import('../emulator/with-emulator.js');
  return withStories(terminal, use);
}

function toClientOptions(connection: Connection): ClientOptions {
  const {
    'base-url': baseURL,
    'auth-header': authHeader,
    proxy,
    'no-proxy': isDirect,
  } = connection;
  if (isDirect && proxy !== undefined) throw new UsageError('choose one of --proxy and --no-proxy');
  return { baseURL, authHeader, proxy: isDirect ? false : proxy };
}
