import { expect, it } from 'vitest';
import { compile, makeProgram, TYPESCRIPT } from './program.js';

const PROGRAM = `
import Anthropic, {
  AnthropicError, type AnyMessage, accumulate, type ClientOptions, type Message, type MessageStreamEvent, MessageStream, outputFormat,
  RateLimitError, type RawMessageStreamEvent, smooth, Stream, tool, toMessageParam, toolInput,
} from 'millrace';
import { SyncAnthropic } from 'millrace/sync';
import { createEmulator, reply } from 'millrace/testing';

const options: ClientOptions = { fetch: createEmulator({ replies: [reply.text('Hi')] }).fetch };
const client = new Anthropic(options);
const params = { model: 'm', max_tokens: 1, messages: [{ role: 'user' as const, content: 'Hi' }] };

export async function read(): Promise<Message> {
  await using stream: MessageStream = client.messages.stream(params).on('text', (delta) => delta.length);
  for await (const event of stream) {
    const kind: MessageStreamEvent['type'] = event.type;
    if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') event.delta.text.at(0);
    if (kind === 'message_stop') break;
  }
  for await (const text of smooth(stream.textStream)) text.toUpperCase();
  // @ts-expect-error: an event is not any: the iterators have their types.
  for await (const event of stream) event.nothing;
  return stream.getFinalMessage();
}

export async function run(): Promise<string> {
  const look = tool({
    name: 'look',
    input: { type: 'object', properties: { at: { type: 'string' } }, required: ['at'] },
    run: ({ at }) => at.toUpperCase(),
  });
  const runner = client.messages.toolRunner({ ...params, tools: [look] });
  for await (const text of runner.textStream) text.at(0);
  const format = outputFormat({ type: 'object', properties: { n: { type: 'number' } }, required: ['n'] });
  const { n } = await client.messages.stream({ ...params, output_config: { format } }).getFinalOutput();
  return n.toFixed();
}

export async function raw(): Promise<AnyMessage | undefined> {
  const stream: Stream<RawMessageStreamEvent> = await client.messages.create({ ...params, stream: true });
  for await (const event of stream) accumulate([event]);
  const { data } = await client.messages.create(params).withResponse();
  for (const block of toMessageParam(data).content) if (typeof block !== 'string') block.type;
  for (const block of data.content) if (block.type === 'tool_use') toolInput(block);
  return data;
}

export class OwnError extends AnthropicError {
  override name = 'OwnError';
}

export function block(): string {
  try {
    return new SyncAnthropic().messages.create(params).id;
  } catch (error) {
    return error instanceof RateLimitError ? String(error.rateLimit?.retryAfter) : '';
  }
}
`;

/** What can be done of a CommonJS program; the other entries need TypeScript 5.8 there. */
const BY_REQUIRE = `
import Anthropic = require('millrace');
const client: Anthropic = new Anthropic({ apiKey: 'key' });
const params: Anthropic.MessageStreamParams = { model: 'm', max_tokens: 1, messages: [] };
export const turn: Anthropic.Messages.MessageParam = { role: 'user', content: '' };
export const stream: Anthropic.MessageStream = client.withOptions({}).messages.stream(params);
export const look = Anthropic.tool({ name: 'bash', type: 'bash_20250124', run: () => '' });
export const isLimit = (error: unknown) => error instanceof Anthropic.RateLimitError && error.rateLimit;
export type Beta = Anthropic.Beta.BetaMessage;
export const other: Anthropic = new Anthropic.Anthropic();
// @ts-expect-error
Anthropic.nothing;
`;
const BY_IMPORT = `
import Anthropic, { APIError, type Message, MessageStream, type RunnerOptions, StreamTruncatedError, tool } from 'millrace';
import * as all from 'millrace';
const client: Anthropic = new Anthropic({ apiKey: 'key' });
export const error: APIError = new StreamTruncatedError('');
export const from: MessageStream = MessageStream.from(new Response());
export const look = tool({ name: 'bash', type: 'bash_20250124', run: () => '' });
export const options: RunnerOptions = {};
export const message = async (): Promise<Message> => client.messages.create({ model: 'm', max_tokens: 1, messages: [] });
export const isSame: all.APIError = error;
// @ts-expect-error
import { nothing } from 'millrace';
`;

it.each(Object.entries(TYPESCRIPT))(
  'an ES module compiles with the %s TypeScript',
  async (_, tsc) => {
    const folder = await makeProgram({
      'package.json': '{ "type": "module" }',
      'program.ts': PROGRAM,
    });
    expect(await compile(folder, tsc)).toBe('');
  },
);

it.each(Object.entries(TYPESCRIPT))('CommonJS compiles with the %s TypeScript', async (_, tsc) => {
  const files = { 'package.json': '{}', 'required.ts': BY_REQUIRE, 'imported.ts': BY_IMPORT };
  expect(await compile(await makeProgram(files), tsc)).toBe('');
});

it('the other entries have types in CommonJS too', async () => {
  const folder = await makeProgram({
    'package.json': '{}',
    'entries.ts': `
import { SyncAnthropic } from 'millrace/sync';
import testing = require('millrace/testing');
export const client: SyncAnthropic = new SyncAnthropic();
testing.createEmulator({ replies: [] });
`,
  });
  expect(await compile(folder, TYPESCRIPT.current)).toBe('');
});

/** A program without `using`, and what it may know of its platform. */
const LITTLE = `
import { Anthropic, AnthropicError } from 'millrace';
import { SyncAnthropic } from 'millrace/sync';
import { createEmulator, reply, serve } from 'millrace/testing';
export const client = new Anthropic({ fetch: createEmulator({ replies: [reply.text('Hi')] }).fetch });
export const blocking = () => new SyncAnthropic();
export const server = () => serve(createEmulator({ replies: [] }));
export async function read(params: Anthropic.MessageStreamParams): Promise<string> {
  const stream = client.messages.stream(params);
  for await (const text of stream.textStream) text.at(0);
  return stream.getFinalText().catch((error: unknown) => (error instanceof AnthropicError ? error.reason : ''));
}
`;

it.each([
  ['es2022', 'dom'],
  ['es2022', 'webworker'],
  ['esnext', 'dom', 'dom.iterable'],
])('a program without the types of Node compiles with lib %s, %s', async (...lib) => {
  for (const tsc of Object.values(TYPESCRIPT)) {
    const files = { 'package.json': '{ "type": "module" }', 'little.ts': LITTLE };
    const options = { lib, types: [] };
    expect(await compile(await makeProgram(files), tsc, options)).toBe('');
  }
});
