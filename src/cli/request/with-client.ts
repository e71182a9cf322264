import { Anthropic } from '../../index.js';
import { createEmulator, type Emulator, reply, serve } from '../../testing/index.js';
import { getStory, READING_PACE } from '../emulator/stories.js';
import { readEnv, type Terminal } from '../terminal.js';

/**
 * Runs `use` with a client of the API. Without a key and without another server it is a client of the
 * built-in emulator; a line on stderr says so.
 * @param fallback what the emulator does, for that line.
 */
export async function withClient<T>(
  baseURL: string | undefined,
  terminal: Terminal,
  use: (client: Anthropic) => Promise<T>,
  fallback = 'replies with a built-in story',
): Promise<T> {
  const hasKey =
    readEnv(terminal, 'ANTHROPIC_API_KEY') !== undefined ||
    readEnv(terminal, 'ANTHROPIC_AUTH_TOKEN') !== undefined;
  if (hasKey) return use(new Anthropic({ baseURL }));
  if ((baseURL ?? readEnv(terminal, 'ANTHROPIC_BASE_URL')) !== undefined) {
    return use(new Anthropic({ baseURL, apiKey: 'none' }));
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
