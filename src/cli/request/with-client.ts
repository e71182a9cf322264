import { Anthropic, type ClientOptions } from '../../index.js';
import { createEmulator, type Emulator, reply, serve } from '../../testing/index.js';
import { getStory, READING_PACE } from '../emulator/stories.js';
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
  const emulator = createEmulator({
    replies: (request) => reply.text(getStory(request)),
    ...(terminal.stdout.isTerminal && { pace: READING_PACE }),
  });
  return withEmulator(emulator, use);
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

/** Serves the emulator on loopback and runs `use` with a client of it: the whole path is real. */
export async function withEmulator<T>(
  emulator: Emulator,
  use: (client: Anthropic) => Promise<T>,
): Promise<T> {
  const server = await serve(emulator);
  try {
    return await use(new Anthropic({ baseURL: server.url, apiKey: 'emulator' }));
  } finally {
    await server.close();
  }
}
