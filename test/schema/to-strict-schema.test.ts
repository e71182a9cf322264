import { expect, it } from 'vitest';
import { z } from 'zod';
import { jsonSchemaOf } from '../../src/schema/schema.js';
import { toStrictSchema } from '../../src/schema/to-strict-schema.js';
import { checkSchema } from '../../src/testing/check/strict-schema.js';

const closed = { type: 'object', additionalProperties: false };

it.each([
  ['closes objects', { type: 'object' }, closed],
  [
    'closes objects that may be null',
    { type: ['object', 'null'] },
    { ...closed, type: ['object', 'null'] },
  ],
  [
    'closes objects that are open, and tells what they may have',
    { type: 'object', additionalProperties: { type: 'number' } },
    { ...closed, description: '{additionalProperties: {"type":"number"}}' },
  ],
  ['within properties', { properties: { a: { type: 'object' } } }, { properties: { a: closed } }],
  ['within items', { type: 'array', items: { type: 'object' } }, { type: 'array', items: closed }],
  [
    'within choices',
    { anyOf: [{ type: 'object' }], allOf: [{ type: 'object' }] },
    { anyOf: [closed], allOf: [closed] },
  ],
  [
    'within definitions',
    { $defs: { a: { type: 'object' } }, $ref: '#/$defs/a' },
    { $defs: { a: closed }, $ref: '#/$defs/a' },
  ],
  ['takes one of for any of', { oneOf: [{ type: 'object' }] }, { anyOf: [closed] }],
  [
    'tells limits',
    { type: 'integer', minimum: 1, maximum: 5 },
    { type: 'integer', description: '{minimum: 1, maximum: 5}' },
  ],
  [
    'tells limits after a description',
    { type: 'string', description: 'A name', maxLength: 9 },
    { type: 'string', description: 'A name\n\n{maxLength: 9}' },
  ],
  [
    'keeps formats that the API knows',
    { type: 'string', format: 'date-time' },
    { type: 'string', format: 'date-time' },
  ],
  [
    'tells other formats',
    { type: 'string', format: 'emoji' },
    { type: 'string', description: '{format: "emoji"}' },
  ],
  ['keeps a least length of one', { type: 'array', minItems: 1 }, { type: 'array', minItems: 1 }],
  [
    'tells a longer one',
    { type: 'array', minItems: 2 },
    { type: 'array', description: '{minItems: 2}' },
  ],
  [
    'leaves a property that is called as a limit',
    { properties: { minimum: { type: 'number' } } },
    { properties: { minimum: { type: 'number' } } },
  ],
  [
    'makes a list of a tuple',
    { type: 'array', prefixItems: [{ type: 'string' }, { type: 'object' }], items: false },
    {
      type: 'array',
      items: { anyOf: [{ type: 'string' }, closed] },
      description: '{items: false}',
    },
  ],
  [
    'makes a list of a tuple that goes on, whatever comes first',
    { type: 'array', items: { type: 'number' }, prefixItems: [{ type: 'string' }] },
    { type: 'array', items: { anyOf: [{ type: 'string' }, { type: 'number' }] } },
  ],
  [
    'tells oneOf beside anyOf',
    { oneOf: [{ type: 'string' }], anyOf: [{ type: 'number' }] },
    { anyOf: [{ type: 'number' }], description: '{oneOf: [{"type":"string"}]}' },
  ],
  [
    'tells patterns that look around or back',
    { anyOf: [{ pattern: '^(?!x)' }, { pattern: '(?<=a)b' }, { pattern: '(a)\\1' }] },
    {
      anyOf: [
        { description: '{pattern: "^(?!x)"}' },
        { description: '{pattern: "(?<=a)b"}' },
        { description: '{pattern: "(a)\\\\1"}' },
      ],
    },
  ],
  [
    'tells keywords that no list names',
    { type: 'string', contentEncoding: 'base64', not: { const: 'a' } },
    { type: 'string', description: '{contentEncoding: "base64", not: {"const":"a"}}' },
  ],
  [
    'leaves out what is for tools',
    { $schema: 'https://a.example', type: 'string' },
    { type: 'string' },
  ],
  [
    'keeps the rest',
    { enum: [1], const: 1, default: 1, pattern: 'a', title: 'T' },
    { enum: [1], const: 1, default: 1, pattern: 'a', title: 'T' },
  ],
])('%s', (_, schema, fitted) => {
  const before = structuredClone(schema);
  expect(toStrictSchema(schema)).toEqual(fitted);
  expect(schema).toEqual(before);
});

it('makes of a zod schema what the API accepts', () => {
  const schema = z.object({
    kind: z.discriminatedUnion('type', [
      z.object({ type: z.literal('a'), n: z.int().min(1) }),
      z.object({ type: z.literal('b') }),
    ]),
  });
  expect(toStrictSchema(jsonSchemaOf(schema, 'a test'))).toEqual({
    ...closed,
    properties: {
      kind: {
        anyOf: [
          {
            ...closed,
            properties: {
              type: { type: 'string', const: 'a' },
              n: { type: 'integer', description: '{minimum: 1, maximum: 9007199254740991}' },
            },
            required: ['type', 'n'],
          },
          { ...closed, properties: { type: { type: 'string', const: 'b' } }, required: ['type'] },
        ],
      },
    },
    required: ['kind'],
  });
});

it.each([
  ['z.looseObject', z.looseObject({ a: z.string() })],
  ['z.record', z.record(z.string(), z.number())],
  ['z.tuple', z.tuple([z.string(), z.number()])],
  ['a nested record', z.object({ a: z.array(z.record(z.string(), z.object({ b: z.int() }))) })],
  ['a lookaround', z.object({ a: z.string().regex(/^(?!x)/) })],
  ['z.email', z.object({ a: z.email(), b: z.string().startsWith('b') })],
])('nothing that the API refuses is left of %s', (_, schema) => {
  const sent = toStrictSchema(jsonSchemaOf(schema, 'a schema'));
  expect(checkSchema(sent, '')).toBeUndefined();
  const strict = JSON.stringify(sent);
  // Descriptions are text: what is told there is escaped.
  const keywords = [...strict.matchAll(/[^\\]"(\w+)":/g)].map(([, keyword]) => keyword);
  expect(keywords).not.toContain('prefixItems');
  expect(keywords).not.toContain('propertyNames');
  expect(strict).not.toMatch(/[^\\]"additionalProperties":(?!false)/);
  expect(strict).not.toMatch(/[^\\]"pattern":"[^"]*\(\?[=!<]/);
});
