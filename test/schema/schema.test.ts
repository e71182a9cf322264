import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { AnthropicError } from '../../src/errors.js';
import { describeIssue } from '../../src/schema/issues.js';
import { jsonSchemaOf, type Schema, validate } from '../../src/schema/schema.js';
import { LIBRARIES, PLAIN } from './libraries.js';

describe.each(LIBRARIES)('%s', (_, schema) => {
  it('gives JSON Schema of the one dialect', () => {
    expect(jsonSchemaOf(schema, 'a test')).toEqual(PLAIN);
  });

  it('validates', async () => {
    expect(await validate(schema, { city: 'Oslo', days: 2 })).toMatchObject({
      value: { city: 'Oslo', days: 2 },
    });
    const { issues = [] } = await validate(schema, { city: 1 });
    expect(issues.map(describeIssue)).toEqual([expect.stringMatching(/^city: .*string/)]);
  });
});

it('takes the type before a transform for the model, and gives the one after it', async () => {
  const schema = z.object({ when: z.string().transform(Number), tries: z.number().default(3) });
  expect(jsonSchemaOf(schema, 'a test')).toMatchObject({
    properties: { when: { type: 'string' } },
    required: ['when'],
  });
  expect(await validate(schema, { when: '7' })).toMatchObject({ value: { when: 7, tries: 3 } });
});

it('waits for a validation that takes time', async () => {
  const schema = z.object({ id: z.string().refine(async (id) => id === 'known', 'is not known') });
  expect((await validate(schema, { id: 'known' })).issues).toBeUndefined();
  const { issues = [] } = await validate(schema, { id: 'new' });
  expect(issues.map(describeIssue)).toEqual(['id: is not known']);
});

it('finds the place of an issue in paths of either kind', () => {
  const path = ['rows', { key: 0 }, 'id'];
  expect(describeIssue({ message: 'is missing', path })).toBe('rows.0.id: is missing');
  expect(describeIssue({ message: 'is missing' })).toBe('is missing');
});

const standard = (vendor: string): unknown => ({
  '~standard': { version: 1, vendor, validate: () => ({ value: 1 }) },
});

it.each([
  [standard('zod'), 'the schema of x gives no JSON Schema: use zod 4.2 or newer'],
  [
    v.object({}),
    "the schema of x gives no JSON Schema: wrap it in toStandardJsonSchema(…) of '@valibot/to-json-schema'",
  ],
  [standard('arktype'), 'the schema of x gives no JSON Schema: use arktype 2.1.28 or newer'],
  [
    standard('other'),
    'the schema of x gives no JSON Schema: write the JSON Schema itself, { type: … }',
  ],
  [
    z.object({ at: z.date() }),
    'the schema of x cannot be JSON Schema: Date cannot be represented in JSON Schema',
  ],
  [
    undefined,
    "the schema of x is missing: give { type: 'object', properties: { … } }, or a schema of zod, valibot or arktype",
  ],
  [[], expect.stringMatching(/^the schema of x is a list: give/)],
  ['string', expect.stringMatching(/^the schema of x is a string: give/)],
])('says what to write instead of %j', (schema, message) => {
  const make = (): unknown => jsonSchemaOf(schema as Schema, 'x');
  expect(make).toThrow(AnthropicError);
  expect(make).toThrow(expect.objectContaining({ message }));
});
