import { Anthropic } from '../../packages/anthropic-sdk/src/index.js';
import type { ClientOptions } from '../../packages/anthropic-sdk/src/options.js';
import { createEmulator, type Emulator, type EmulatorOptions } from '../../src/testing/index.js';

export const PARAMS = {
  model: 'claude-opus-4-8',
  max_tokens: 64,
  messages: [{ role: 'user' as const, content: 'Hi' }],
};

/** A drop-in client of an emulator. */
export function emulated(
  replies: EmulatorOptions['replies'],
  options: ClientOptions = {},
): { client: Anthropic; emulator: Emulator } {
  const emulator = createEmulator({ replies });
  const client = new Anthropic({
    apiKey: 'test',
    maxRetries: 0,
    fetch: emulator.fetch,
    ...options,
  });
  return { client, emulator };
}

/** What a promise rejects with. */
export async function failure(promise: PromiseLike<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    return error as Error;
  }
  throw new Error('it resolved');
}

/** The blocks of the last turn of a request: the results of its tools. */
export function lastTurn(request: { body: unknown } | undefined): { content: unknown }[] {
  const { body } = request as { body: { messages: { content: { content: unknown }[] }[] } };
  return body.messages.at(-1)?.content ?? [];
}
