import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
let folder: string;

/** A project whose `@anthropic-ai/sdk` is the built package, with the files that npm would install. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-anthropic-sdk-'));
  const modules = join(folder, 'node_modules');
  const installed = join(modules, '@anthropic-ai/sdk');
  mkdirSync(installed, { recursive: true });
  cpSync(join(root, 'packages/anthropic-sdk/package.json'), join(installed, 'package.json'));
  cpSync(join(root, 'packages/anthropic-sdk/dist'), join(installed, 'dist'), { recursive: true });
  symlinkSync(root, join(modules, 'millrace'), 'dir');
  for (const name of ['zod', '@types', 'typescript']) {
    symlinkSync(join(root, 'node_modules', name), join(modules, name), 'dir');
  }
});

afterAll(() => rmSync(folder, { recursive: true }));

/** What a program prints as JSON. */
function run(file: string, program: string): unknown {
  writeFileSync(join(folder, file), program);
  return JSON.parse(execFileSync(process.execPath, [join(folder, file)], { encoding: 'utf8' }));
}

/** What the compiler says of a program. */
function compile(file: string, program: string): string {
  writeFileSync(join(folder, file), program);
  const tsc = join(folder, 'node_modules/typescript/bin/tsc');
  const options = [
    '--noEmit',
    '--strict',
    '--module',
    'node16',
    '--target',
    'es2022',
    '--types',
    'node',
  ];
  try {
    return execFileSync(process.execPath, [tsc, ...options, file], {
      cwd: folder,
      encoding: 'utf8',
    });
  } catch (error) {
    return (error as { stdout: string }).stdout;
  }
}

/** The paths that LangChain, LlamaIndex, Genkit, TanStack AI, Continue, multi-llm-ts, LangSmith and the official examples import. */
const DEEP = {
  client: 'Anthropic',
  error: 'APIError',
  streaming: 'Stream',
  pagination: 'Page',
  uploads: 'toFile',
  'core/error': 'RateLimitError',
  'core/streaming.js': 'Stream',
  'lib/MessageStream': 'MessageStream',
  'lib/MessageStream.js': 'MessageStream',
  'lib/BetaMessageStream.mjs': 'BetaMessageStream',
  'lib/transform-json-schema': 'transformJSONSchema',
  'lib/tools/BetaToolRunner': 'BetaToolRunner',
  'helpers/zod': 'zodOutputFormat',
  'helpers/json-schema': 'jsonSchemaOutputFormat',
  'helpers/beta/zod': 'betaZodTool',
  'helpers/beta/json-schema': 'betaTool',
  'helpers/beta/mcp': 'mcpTools',
  'helpers/beta/memory': 'betaMemoryTool',
  'helpers/beta/standard-schema': 'betaStandardSchemaTool',
  resources: 'MessageStream',
  'resources/index': 'MessageStream',
  'resources/messages': 'Messages',
  'resources/messages/messages': 'MessageStream',
  'resources/beta/messages/messages': 'Messages',
  'resources/beta/beta': 'Beta',
};

const LISTED = JSON.stringify(DEEP);

describe('the built package', () => {
  it('is a class for require', () => {
    const found = run(
      'class.cjs',
      `const A = require('@anthropic-ai/sdk');
      console.log(JSON.stringify([
        new A({ apiKey: 'k' }) instanceof A, A.default === A, A.Anthropic === A, A.__esModule,
        new A.APIError(400, undefined, 'no', new Headers()) instanceof A.AnthropicError,
      ]));`,
    );
    expect(found).toEqual([true, true, true, true, true]);
  });

  it('is the same copy for import and require', () => {
    const found = run(
      'same.mjs',
      `import { createRequire } from 'node:module';
      import Default, { Anthropic, APIError } from '@anthropic-ai/sdk';
      const required = createRequire(import.meta.url)('@anthropic-ai/sdk');
      console.log(JSON.stringify([required === Anthropic, Default === Anthropic, required.APIError === APIError]));`,
    );
    expect(found).toEqual([true, true, true]);
  });

  it.each([
    ['import', `const { default: run } = { default: (path) => import(path) };`, 'mjs'],
    ['require', `const run = require;`, 'cjs'],
  ])('has the deep paths for %s', (name, define, extension) => {
    const found = run(
      `deep-${name}.${extension}`,
      `${define}
      (async () => {
        const missing = [];
        for (const [path, name] of Object.entries(${LISTED})) {
          const module = await run('@anthropic-ai/sdk/' + path);
          if (typeof module[name] !== 'function') missing.push(path);
        }
        console.log(JSON.stringify(missing));
      })();`,
    );
    expect(found).toEqual([]);
  });

  it.each(['mts', 'cts'])('compiles programs of the official SDK (%s)', (extension) => {
    expect(compile(`program.${extension}`, PROGRAM)).toBe('');
  });

  it('compiles programs that name many types', () => {
    expect(compile('types.mts', TYPES)).toBe('');
  });

  it('has types that check', () => {
    const wrong = compile('wrong.mts', WRONG);
    expect(wrong.match(/error TS\d+/g)).toHaveLength(3);
  });
});

const PROGRAM = `
import Anthropic, { APIError, type ClientOptions } from '@anthropic-ai/sdk';
import type { MessageParam, ToolTextEditor20250728 } from '@anthropic-ai/sdk/resources/messages';
import type { BetaMessage, MessageCreateParamsStreaming } from '@anthropic-ai/sdk/resources/beta/messages';
import { Stream } from '@anthropic-ai/sdk/streaming';
import { MessageStream } from '@anthropic-ai/sdk/lib/MessageStream.js';
import { zodOutputFormat } from '@anthropic-ai/sdk/helpers/zod';
import { z } from 'zod';

const options: ClientOptions = { maxRetries: 1 };
const client = new Anthropic(options);
const messages: Anthropic.Messages.MessageParam[] = [{ role: 'user', content: 'Hi' }];
const more: MessageParam = messages[0]!;
const params = { model: 'claude-opus-4-8', max_tokens: 9, messages: [more] };
export async function main(): Promise<string | null> {
  const message: Anthropic.Message = await client.messages.create(params);
  const usage: Anthropic.Messages.Usage = message.usage;
  const raw: Stream<Anthropic.MessageStreamEvent> = await client.messages.create({ ...params, stream: true });
  const stream: MessageStream = client.messages.stream(params);
  for await (const event of raw) {
    if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') event.delta.text.trim();
  }
  const beta: BetaMessage = await client.beta.messages.create({ ...params, betas: ['x'] });
  const tool: Anthropic.Beta.Messages.BetaToolUnion | ToolTextEditor20250728 | undefined = undefined;
  const streaming: MessageCreateParamsStreaming = { ...params, stream: true };
  const { parsed_output } = await client.messages.parse({
    ...params,
    output_config: { format: zodOutputFormat(z.object({ a: z.string() })) },
  });
  try {
    await stream.finalMessage();
  } catch (error) {
    if (error instanceof Anthropic.RateLimitError || error instanceof APIError) throw error.status;
  }
  for await (const model of client.models.list()) model.id.trim();
  return parsed_output?.a ?? beta.id ?? usage.input_tokens ?? tool ?? streaming.model;
}
`;

/** Names as programs and libraries use them: of the namespaces, and of the deep paths. */
const TYPES = `
import Anthropic from '@anthropic-ai/sdk';
import type { MessageStream, MessageStreamEvents } from '@anthropic-ai/sdk/lib/MessageStream';
import type {
  CacheControlEphemeral, ContentBlockParam, DocumentBlockParam, ImageBlockParam, InputJSONDelta, Message, MessageBatch,
  MessageCreateParams, MessageCreateParamsNonStreaming, MessageDeltaUsage, RawContentBlockDeltaEvent,
  RawMessageStreamEvent, StopReason, TextBlockParam, TextDelta, ThinkingBlock, ToolChoice, ToolResultBlockParam,
  ToolUseBlockParam, Usage,
} from '@anthropic-ai/sdk/resources/messages';
import type {
  BetaContentBlockParam, BetaRawMessageStreamEvent, BetaRequestMCPServerURLDefinition, BetaThinkingConfigParam,
  BetaTool, BetaToolUnion, BetaUsage,
} from '@anthropic-ai/sdk/resources/beta/messages/messages.mjs';
import type { AnthropicBeta } from '@anthropic-ai/sdk/resources/beta';
import type { ModelInfo } from '@anthropic-ai/sdk/resources/models';

const content: Anthropic.Messages.ContentBlockParam = { type: 'text', text: 'Hi' };
const tool: Anthropic.Tool = { name: 'a', input_schema: { type: 'object' as const, properties: {} } };
const model: Anthropic.Model = 'claude-opus-4-8';
const beta: Anthropic.Beta.Messages.BetaMessageParam = { role: 'user', content: 'Hi' };
export const turn: Anthropic.Beta.BetaMessageParam = beta;
export const params: Anthropic.MessageCreateParamsStreaming = {
  model, max_tokens: 1, messages: [{ role: 'user', content: [content] }], tools: [tool], stream: true,
};
export class Client extends Anthropic {
  constructor() {
    super({ fetchOptions: { dispatcher: {} }, fetch, logLevel: 'debug', defaultHeaders: { a: null } });
  }
}
export const told = (error: unknown): unknown =>
  error instanceof Anthropic.APIError ? [error.status, error.headers?.get('a'), error.requestID, error.error] : [];
export async function main(client: Anthropic): Promise<void> {
  const stream = await client.messages.create(params);
  for await (const event of stream) {
    if (event.type === 'content_block_start' && event.content_block.type === 'tool_use') event.content_block.name.trim();
    if (event.type === 'message_delta') event.usage.output_tokens.toFixed();
  }
  stream.controller.abort();
  const { data, response } = await client.messages.create({ ...params, stream: false }).withResponse();
  data.content.map((block) => (block.type === 'text' ? block.text : response.headers.get('x')));
  const page = await client.models.list({ limit: 2 });
  if (page.hasNextPage()) page.data[0]?.display_name.trim();
  for await (const batch of client.messages.batches.list()) batch.id.trim();
}
`;

const WRONG = `
import Anthropic from '@anthropic-ai/sdk';
const client = new Anthropic({ apiKey: 1 });
const message = await client.messages.create({ model: 'm', max_tokens: '9', messages: [] });
const text: number = message.content[0];
export { text };
`;
