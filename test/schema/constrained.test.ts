import { expect, it } from 'vitest';
import { z } from 'zod';
import { constrained } from '../../src/schema/constrained.js';
import { jsonSchemaOf } from '../../src/schema/schema.js';

const closed = { type: 'object', additionalProperties: false };

it.each([
  ['closes objects', { type: 'object' }, closed],
  [
    'closes objects that may be null',
    { type: ['object', 'null'] },
    { ...closed, type: ['object', 'null'] },
  ],
  [
    'leaves what is said of other properties',
    { type: 'object', additionalProperties: { type: 'object' } },
    { type: 'object', additionalProperties: closed },
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
    'keeps the rest',
    { enum: [1], const: 1, default: 1, pattern: 'a', title: 'T', items: true },
    { enum: [1], const: 1, default: 1, pattern: 'a', title: 'T', items: true },
  ],
])('%s', (_, schema, fitted) => {
  const before = structuredClone(schema);
  expect(constrained(schema)).toEqual(fitted);
  expect(schema).toEqual(before);
});

it('makes of a zod schema what the API accepts', () => {
  const schema = z.object({
    kind: z.discriminatedUnion('type', [
      z.object({ type: z.literal('a'), n: z.int().min(1) }),
      z.object({ type: z.literal('b') }),
    ]),
  });
  expect(constrained(jsonSchemaOf(schema, 'a test'))).toEqual({
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
