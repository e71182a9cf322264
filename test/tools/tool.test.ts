import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { AnthropicError, type Tool, tool } from '../../src/index.js';
import { reply } from '../../src/testing/index.js';
import { LIBRARIES, PLAIN, type VALIBOT } from '../schema/libraries.js';
import { askFor, PARAMS, WORLDS } from './support.js';

describe.each(LIBRARIES)('a tool whose input is %s', (_, input) => {
  const asked: unknown[] = [];
  const forecast = tool({
    name: 'get_weather',
    description: 'A forecast',
    input: input as typeof VALIBOT,
    cache_control: { type: 'ephemeral' },
    run: (input) => {
      asked.push(input);
      return `Sunny in ${input.city.toUpperCase()}`;
    },
  });

  it.each(WORLDS)('is sent as the API wants it, and called with what fits, %s', async (_, open) => {
    await using world = await open([
      reply.sequence(
        reply.toolUse('get_weather', { city: 'Oslo', days: 2 }),
        askFor(1),
        reply.toolUse('get_weather', { days: 2 }),
      ),
      reply.text('Done.'),
    ]);
    asked.length = 0;
    await world.client.messages.toolRunner({ ...PARAMS, tools: [forecast] }).getFinalMessage();
    expect(world.bodies[0]?.tools).toEqual([
      {
        name: 'get_weather',
        description: 'A forecast',
        cache_control: { type: 'ephemeral' },
        input_schema: PLAIN,
      },
    ]);
    expect(asked).toEqual([{ city: 'Oslo', days: 2 }]);
    expect(world.bodies[1]?.messages.at(-1)?.content).toMatchObject([
      { content: 'Sunny in OSLO' },
      { content: expect.stringMatching(/^- city: /m), is_error: true },
      { content: expect.stringMatching(/city/), is_error: true },
    ]);
  });

  it.each(WORLDS)('serves a stream of ones own, %s', async (_, open) => {
    await using world = await open([reply.text('Hi')]);
    await world.client.messages.stream({ ...PARAMS, tools: [forecast] }).untilDone();
    expect(world.bodies[0]?.tools).toMatchObject([{ name: 'get_weather', input_schema: PLAIN }]);
  });
});

it('gives run what the schema makes of the input', async () => {
  const input = z.object({
    at: z.string().transform((text) => new Date(text)),
    n: z.int().default(3),
  });
  await using world = await WORLDS[0][1]([
    reply.toolUse('remind', { at: '2026-11-21' }),
    reply.text('Done.'),
  ]);
  const remind = tool({
    name: 'remind',
    input,
    run: ({ at, n }) => `${at.getUTCFullYear()} ${n}`,
  });
  await world.client.messages.toolRunner({ ...PARAMS, tools: [remind] }).getFinalMessage();
  expect(world.bodies[1]?.messages.at(-1)?.content).toMatchObject([{ content: '2026 3' }]);
});

it('tells the model where a validation itself fails', async () => {
  const input = z.object({
    id: z.string().refine(() => {
      throw new Error('no database');
    }),
  });
  await using world = await WORLDS[0][1]([reply.toolUse('find', { id: 'a' }), reply.text('Done.')]);
  const find = tool({ name: 'find', input, run: () => 'never' });
  await world.client.messages.toolRunner({ ...PARAMS, tools: [find] }).getFinalMessage();
  expect(world.bodies[1]?.messages.at(-1)?.content).toMatchObject([
    { content: expect.stringContaining('- the schema failed: no database'), is_error: true },
  ]);
});

const schemaOf = (made: Tool): unknown => made.input_schema;

it('fits a schema to what the API enforces where the tool is strict', () => {
  const input = z.object({ n: z.int().min(1).max(5) });
  const definition = { name: 'x', input, run: () => 'ok' };
  expect(schemaOf(tool(definition))).toMatchObject({
    properties: { n: { type: 'integer', minimum: 1, maximum: 5 } },
  });
  expect(schemaOf(tool({ ...definition, strict: true }))).toEqual({
    type: 'object',
    properties: { n: { type: 'integer', description: '{minimum: 1, maximum: 5}' } },
    required: ['n'],
    additionalProperties: false,
  });
  expect(schemaOf(tool({ ...definition, input: PLAIN, strict: true }))).toEqual({
    ...PLAIN,
    additionalProperties: false,
  });
});

it.each([
  ['no object', z.string(), /^the input of the tool x is not an object: give an object schema/],
  ['a choice', z.union([z.object({}), z.object({})]), /^the input of the tool x is not an object/],
  ['no schema', undefined, /^the schema of the tool x is missing: give \{ type: 'object'/],
])('says at once what is wrong with an input that is %s', (_, input, message) => {
  const make = (): unknown => tool({ name: 'x', input: input as never, run: () => '' });
  expect(make).toThrow(AnthropicError);
  expect(make).toThrow(message);
});
