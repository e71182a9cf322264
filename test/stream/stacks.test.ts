import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Anthropic, type AnthropicError, outputFormat, tool } from '../../src/index.js';
import { createEmulator, fault, reply } from '../../src/testing/index.js';
import { PARAMS } from './support.js';

/** Fails at once, without a request. */
const offline = (): Anthropic =>
  new Anthropic({
    apiKey: 'key',
    maxRetries: 0,
    fetch: () => Promise.reject(new TypeError('fetch failed')),
  });

/** Fails after some text. */
function cut(): Anthropic {
  const emulator = createEmulator({
    replies: () => reply.text('Hello there, all of you.'),
    faults: [fault.cut({ phase: 'text' })],
  });
  return new Anthropic({ apiKey: 'key', maxRetries: 0, fetch: emulator.fetch });
}

const later = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

type Use = (client: Anthropic) => Promise<unknown>;

const format = outputFormat(z.object({ a: z.number() }));

/** Each of them is code of a user, by its name. */
const uses = {
  async finalText(client) {
    await client.messages.stream(PARAMS).getFinalText();
  },
  async finalMessage(client) {
    await client.messages.stream(PARAMS).getFinalMessage();
  },
  async untilDone(client) {
    await client.messages.stream(PARAMS).untilDone();
  },
  async forAwait(client) {
    for await (const _ of client.messages.stream(PARAMS));
  },
  async forAwaitThatIsSlow(client) {
    for await (const _ of client.messages.stream(PARAMS)) await later();
  },
  async textStream(client) {
    for await (const _ of client.messages.stream(PARAMS).textStream);
  },
  async create(client) {
    await client.messages.create(PARAMS);
  },
  async createWithResponse(client) {
    await client.messages.create(PARAMS).withResponse();
  },
  async createLong(client) {
    await client.messages.create({ ...PARAMS, max_tokens: 100_000 });
  },
  async rawStream(client) {
    for await (const _ of await client.messages.create({ ...PARAMS, stream: true }));
  },
  async finalOutput(client) {
    const output_config = { format };
    await client.messages.stream({ ...PARAMS, output_config }).getFinalOutput();
  },
  async runner(client) {
    const tools = [tool({ name: 'a', description: 'a', input: z.object({}), run: () => 'a' })];
    for await (const _ of client.messages.toolRunner({ ...PARAMS, tools }));
  },
  async runnerText(client) {
    const tools = [tool({ name: 'a', description: 'a', input: z.object({}), run: () => 'a' })];
    for await (const _ of client.messages.toolRunner({ ...PARAMS, tools }).textStream);
  },
  async runnerFinal(client) {
    const tools = [tool({ name: 'a', description: 'a', input: z.object({}), run: () => 'a' })];
    await client.messages.toolRunner({ ...PARAMS, tools }).getFinalMessage();
  },
} satisfies Record<string, Use>;

const clients = { 'before the response': offline, 'in the text': cut };

describe.each(Object.entries(clients))('an error %s', (when, open) => {
  // A message in one piece is not cut in its text.
  const names = Object.keys(uses).filter(
    (name) => when !== 'in the text' || !/^create$|With/.test(name),
  );
  it.each(names)('shows the code that awaits it: %s', async (name) => {
    const use = uses[name as keyof typeof uses];
    const error = await use(open()).then(
      () => undefined,
      (error: AnthropicError) => error,
    );
    expect(error?.stack).toMatch(
      new RegExp(`\\n    at (async )?(uses\\.)?${name} .*stacks\\.test\\.ts:`),
    );
    expect(error?.stack?.startsWith(`${error.name}: ${error.message}\n`)).toBe(true);
  });
});

it('shows the first one to receive it, and no other', async () => {
  const stream = cut().messages.stream(PARAMS);
  const first = async function firstReader(): Promise<unknown> {
    return stream.getFinalText().catch((error) => error);
  };
  const second = async function secondReader(): Promise<void> {
    await stream.untilDone();
  };
  const error = (await first()) as AnthropicError;
  const { stack } = error;
  expect(await second().catch((thrown) => thrown)).toBe(error);
  expect(error.stack?.match(/secondReader/)).toBeNull();
  expect(error.stack).toBe(stack);
});
