import { Anthropic } from '../../client.js';
import { env } from '../../env.js';
import { createEmulator, type Emulator, reply, serve } from '../../testing/index.js';
import { READING_PACE, storyFor } from '../emulator/stories.js';
import type { Terminal } from '../terminal.js';

/**
 * Uses a client of the API; or of the built-in emulator, announced on stderr, where there is no key
 * and no other server is named.
 */
export async function withClient<T>(
  baseURL: string | undefined,
  terminal: Terminal,
  use: (client: Anthropic) => Promise<T>,
): Promise<T> {
  const isKeyless =
    env('ANTHROPIC_API_KEY') === undefined && env('ANTHROPIC_AUTH_TOKEN') === undefined;
  if (!isKeyless) return use(new Anthropic({ baseURL }));
  if ((baseURL ?? env('ANTHROPIC_BASE_URL')) !== undefined) {
    return use(new Anthropic({ baseURL, apiKey: 'none' }));
  }
  terminal.stderr.write(
    'millrace: there is no ANTHROPIC_API_KEY, so the built-in emulator answers with a story of ours\n',
  );
  const emulator = createEmulator({
    replies: (request) => reply.text(storyFor(request)),
    ...(terminal.stdout.isTTY && { pace: READING_PACE }),
  });
  return withEmulator(emulator, use);
}

/** A real server on loopback, and a client of it: nothing on the way to the answer is made up. */
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
