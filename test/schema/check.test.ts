import { expect, it } from 'vitest';
import { check } from '../../src/schema/check.js';
import { describeIssue } from '../../src/schema/issues.js';

const ROWS = {
  type: 'object',
  properties: { rows: { type: 'array', items: { type: 'object', required: ['id'] } } },
};
const CLOSED = { properties: { a: { type: 'string' } }, additionalProperties: false };

/** Schema, value, what is wrong. */
const CASES: readonly [schema: unknown, value: unknown, ...issues: string[]][] = [
  [{}, 1],
  [true, 1],
  [false, 1, 'is not allowed'],
  [{ type: 'string' }, 'a'],
  [{ type: 'string' }, 1, 'must be of type string, not number'],
  [{ type: 'number' }, 1.5],
  [{ type: 'number' }, '1', 'must be of type number, not string'],
  [{ type: 'integer' }, 1.0],
  [{ type: 'integer' }, 1.5, 'must be of type integer, not number'],
  [{ type: 'boolean' }, false],
  [{ type: 'boolean' }, 0, 'must be of type boolean, not number'],
  [{ type: 'null' }, null],
  [{ type: 'null' }, false, 'must be of type null, not boolean'],
  [{ type: 'array' }, []],
  [{ type: 'array' }, {}, 'must be of type array, not object'],
  [{ type: 'object' }, {}],
  [{ type: 'object' }, [], 'must be of type object, not array'],
  [{ type: 'object' }, null, 'must be of type object, not null'],
  [{ type: ['string', 'null'] }, null],
  [{ type: ['string', 'null'] }, 1, 'must be of type string or null, not number'],
  [{ type: 'brand_new' }, 1],
  [{ enum: ['a', 1, null] }, null],
  [{ enum: ['a', { b: [1] }] }, { b: [1] }],
  [{ enum: ['a', 1] }, '1', 'must be one of "a", 1'],
  [{ const: { a: 1, b: 2 } }, { b: 2, a: 1 }],
  [{ const: JSON.parse('{"__proto__": {}}') }, { a: 1 }, 'must be {"__proto__":{}}'],
  [{ const: [] }, {}, 'must be []'],
  [{ const: { a: 1 } }, { a: 1, b: 2 }, 'must be {"a":1}'],
  [{ anyOf: [{ type: 'string' }, { type: 'null' }] }, null],
  [
    { anyOf: [{ type: 'string' }, { type: 'null' }] },
    1,
    'must fit one of 2 schemas, and fits none',
  ],
  [{ required: ['a', 'b'] }, { b: undefined }, 'a: is missing'],
  [{ required: ['toString'] }, {}, 'toString: is missing'],
  [{ required: ['a'] }, 'no object'],
  [{ properties: { a: { type: 'string' } } }, {}],
  [
    { properties: { a: { type: 'string' } } },
    { a: 1, b: 2 },
    'a: must be of type string, not number',
  ],
  [CLOSED, { a: '' }],
  [CLOSED, { a: '', b: 1, toString: 1 }, 'b: is not allowed', 'toString: is not allowed'],
  [
    { additionalProperties: { type: 'number' } },
    { a: 1, b: '' },
    'b: must be of type number, not string',
  ],
  [
    { items: { type: 'number' } },
    [1, 'a', 2, null],
    '1: must be of type number, not string',
    '3: must be of type number, not null',
  ],
  [
    ROWS,
    { rows: [{ id: 1 }, {}, 3] },
    'rows.1.id: is missing',
    'rows.2: must be of type object, not number',
  ],
  // Said to the model, not checked.
  [{ minimum: 3, pattern: '^a', $ref: '#/$defs/x', oneOf: [], constructor: 1 }, 1],
];

it.each(CASES)('%j: %j', (schema, value, ...issues) => {
  expect(check(schema, value).map(describeIssue)).toEqual(issues);
});
