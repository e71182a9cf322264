import { describe, expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import {
  betaMemoryTool,
  type MemoryToolHandlers,
} from '../../packages/anthropic-sdk/src/helpers/beta/memory.js';
import {
  betaStandardSchemaOutputFormat,
  betaStandardSchemaTool,
} from '../../packages/anthropic-sdk/src/helpers/beta/standard-schema.js';
import { betaZodTool } from '../../packages/anthropic-sdk/src/helpers/beta/zod.js';
import {
  jsonSchemaOutputFormat,
  zodOutputFormat,
} from '../../packages/anthropic-sdk/src/helpers/index.js';
import { AnthropicError } from '../../packages/anthropic-sdk/src/index.js';
import { transformJSONSchema } from '../../packages/anthropic-sdk/src/lib/transform-json-schema.js';
import { reply } from '../../src/testing/index.js';
import { emulated, failure, lastTurn, PARAMS } from './support.js';

const Person = z.object({ name: z.string().min(1), age: z.number() });

describe('zodOutputFormat', () => {
  it('parses what a stream gave', async () => {
    const { client } = emulated([reply.text('{"name":"Ada","age":36}')]);
    const output_config = { format: zodOutputFormat(Person) };
    const message = await client.messages.stream({ ...PARAMS, output_config }).finalMessage();
    expect(message.parsed_output).toEqual({ name: 'Ada', age: 36 });
    expectTypeOf(message.parsed_output).toEqualTypeOf<z.infer<typeof Person> | null>();
  });

  it.each(['{"name":"Ada"}', '{"name":'])('refuses %s', async (text) => {
    const { client } = emulated([reply.text(text)]);
    const output_config = { format: zodOutputFormat(Person) };
    const error = await failure(client.messages.parse({ ...PARAMS, output_config }));
    expect(error).toBeInstanceOf(AnthropicError);
    expect(error.message).toMatch(/^Failed to parse structured output: /);
  });
});

describe('schemas', () => {
  const schema = {
    type: 'object',
    properties: { a: { type: 'string', minLength: 3 } },
    required: ['a'],
  } as const;

  it('are reduced to what the API takes, and not changed', () => {
    const copy = structuredClone(schema);
    expect(transformJSONSchema(schema)).toEqual({
      type: 'object',
      properties: { a: { type: 'string', description: '{minLength: 3}' } },
      required: ['a'],
      additionalProperties: false,
    });
    expect(schema).toEqual(copy);
  });

  it('are sent as they are without the transform', () => {
    expect(jsonSchemaOutputFormat(schema, { transform: false }).schema).toBe(schema);
    const format = jsonSchemaOutputFormat(schema);
    expectTypeOf(format.parse('{"a":"b"}').a).toBeString();
    expect(format.parse('{"a":"b"}')).toEqual({ a: 'b' });
  });
});

describe('tools of a schema', () => {
  const run = (): string => 'done';
  const input = { name: 't', description: 'A tool', run };

  it.each([
    ['zod', (strict: boolean) => betaZodTool({ ...input, strict, inputSchema: Person })],
    [
      'a Standard Schema',
      (strict: boolean) => betaStandardSchemaTool({ ...input, strict, inputSchema: Person }),
    ],
  ])('are closed where they are strict: %s', (_, make) => {
    const schemaOf = (strict: boolean) => make(strict).input_schema as Record<string, unknown>;
    expect(schemaOf(true).additionalProperties).toBe(false);
    expect(schemaOf(false).additionalProperties).toBeUndefined();
    expect(() => make(false).parse({ name: 'Ada' })).toThrow(/age/);
    expect(make(false).parse({ name: 'Ada', age: 36, more: 1 })).toEqual({ name: 'Ada', age: 36 });
  });

  it('have a schema of their own where the library has none', () => {
    const inputSchema = {
      '~standard': { vendor: 'v', validate: async (value: unknown) => ({ value }) },
    };
    const jsonSchema = { type: 'object', properties: { a: { type: 'string' } } };
    const tool = betaStandardSchemaTool({ ...input, inputSchema, jsonSchema });
    expect(tool.input_schema).toEqual(jsonSchema);
    expect(() => tool.parse({})).toThrow('the v schema checks asynchronously');
    const format = betaStandardSchemaOutputFormat(inputSchema, { jsonSchema });
    expect(format.schema).toMatchObject({ ...jsonSchema, additionalProperties: false });
    expect(() => betaStandardSchemaOutputFormat(inputSchema)).toThrow(AnthropicError);
  });

  it('parse the output of a message', async () => {
    const { client } = emulated([reply.text('{"name":"Ada","age":36}')]);
    const output_config = { format: betaStandardSchemaOutputFormat(Person) };
    const { content, parsed_output } = await client.beta.messages.parse({
      ...PARAMS,
      output_config,
    });
    expect(parsed_output?.age).toBe(36);
    // The older name, which programs still read.
    expect((content[0] as unknown as { parsed: unknown }).parsed).toBe(parsed_output);
  });
});

describe('the memory tool', () => {
  it('answers a command, with `this`, or an error', async () => {
    const call = (command: string) => reply.toolUse('memory', { command, path: '/memories' });
    const { client, emulator } = emulated([call('view'), call('rename'), reply.text('Done')]);
    class Store {
      files = 'notes.md';
      view({ path }: { path: string }): string {
        return `${path}: ${this.files}`;
      }
    }
    const tool = betaMemoryTool(new Store() as unknown as MemoryToolHandlers, { strict: true });
    await client.beta.messages.toolRunner({ ...PARAMS, tools: [tool] });
    const results = emulator.requests.slice(1).map((request) => lastTurn(request)[0]?.content);
    expect(results).toEqual(['/memories: notes.md', 'Error: rename not implemented']);
    expect(emulator.requests[0]?.body).toMatchObject({
      tools: [{ type: 'memory_20250818', name: 'memory', strict: true }],
    });
  });
});
