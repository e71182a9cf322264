import { Anthropic } from '../../index.js';
import { createEmulator, type EmulatorOptions, reply, serve } from '../../testing/index.js';
import type { Terminal } from '../terminal.js';
import { getStory, READING_PACE } from './stories.js';

/** Serves an emulator on loopback and runs `use` with a client of it: the whole path is real. */
export async function withEmulator<T>(
  options: EmulatorOptions,
  use: (client: Anthropic) => Promise<T>,
): Promise<T> {
  const server = await serve(createEmulator(options));
  try {
    return await use(new Anthropic({ baseURL: server.url, apiKey: 'emulator' }));
  } finally {
    await server.close();
  }
}

/** The same with built-in stories, at a reading pace on a terminal. */
export function withStories<T>(
  { stdout }: Terminal,
  use: (client: Anthropic) => Promise<T>,
): Promise<T> {
  const replies: EmulatorOptions['replies'] = (request) => reply.text(getStory(request));
  return withEmulator({ replies, ...(stdout.isTerminal && { pace: READING_PACE }) }, use);
}
