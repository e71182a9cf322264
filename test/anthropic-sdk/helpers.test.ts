import { describe, expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import {
  jsonSchemaOutputFormat,
  zodOutputFormat,
} from '../../packages/anthropic-sdk/src/helpers/index.js';
import { AnthropicError } from '../../packages/anthropic-sdk/src/index.js';
import { transformJSONSchema } from '../../packages/anthropic-sdk/src/lib/transform-json-schema.js';
import { reply } from '../../src/testing/index.js';
import { emulated, failure, PARAMS } from './support.js';

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
