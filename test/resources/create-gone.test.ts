import { expect, it, vi } from 'vitest';
import { Anthropic, AnthropicError, APIUserAbortError } from '../../src/index.js';
import { createEmulator, reply } from '../../src/testing/index.js';
import { failure, PARAMS } from '../stream/support.js';

const GONE = new TypeError('Failed to fetch dynamically imported module');

vi.mock('../../src/resources/create-routes.js', () => {
  throw GONE;
});

const CALLS: readonly [name: string, call: (client: Anthropic) => Promise<unknown>][] = [
  ['create', ({ messages }) => messages.create(PARAMS)],
  ['create', ({ messages }) => messages.create({ ...PARAMS, stream: true })],
  ['create', ({ messages }) => messages.create(PARAMS).withResponse()],
  ['create', ({ messages }) => messages.withResponse.create(PARAMS)],
  ['countTokens', ({ messages }) => messages.countTokens(PARAMS)],
];

it.each(CALLS)('%s whose code does not load rejects, and sends nothing', async (name, call) => {
  const emulator = createEmulator({ replies: [] });
  const client = new Anthropic({ apiKey: 'key', fetch: emulator.fetch });
  const error = await failure(call(client));
  expect(error).toBeInstanceOf(AnthropicError);
  expect((error as Error).message).toMatch(new RegExp(`^the code for messages.${name} did not`));
  expect(emulator.requests).toHaveLength(0);
});

it('an abort, or the end of the client, counts before the code is there', async () => {
  const client = new Anthropic({ apiKey: 'key' });
  const cause = new Error('enough');
  const aborted = client.messages.create(PARAMS, { signal: AbortSignal.abort(cause) });
  expect(await failure(aborted)).toMatchObject({ name: 'APIUserAbortError', cause });
  const pending = client.messages.create(PARAMS);
  client.close();
  expect(await failure(pending)).toBeInstanceOf(APIUserAbortError);
});

it('a stream, and a message that is streamed under the hood, need none of it', async () => {
  const emulator = createEmulator({ replies: [reply.text('Hello.'), reply.text('Hello.')] });
  const client = new Anthropic({ apiKey: 'key', fetch: emulator.fetch });
  expect(await client.messages.stream(PARAMS).getFinalText()).toBe('Hello.');
  const { content } = await client.messages.create({ ...PARAMS, max_tokens: 32_000 });
  expect(content).toMatchObject([{ type: 'text', text: 'Hello.' }]);
});
