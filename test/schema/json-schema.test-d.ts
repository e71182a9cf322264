import { describe, expectTypeOf, it } from 'vitest';
import type { FromJsonSchema, JsonSchema } from '../../src/schema/json-schema.js';
import type { InputOf, OutputOf } from '../../src/schema/schema.js';
import type { ARKTYPE, Forecast, PLAIN, VALIBOT, ZOD } from './libraries.js';

/** The type for a schema that is written in place. */
declare function typeOf<const S extends JsonSchema>(schema: S): FromJsonSchema<S>;

describe('the type of a JSON Schema', () => {
  it('knows scalars', () => {
    expectTypeOf(typeOf({ type: 'string' })).toEqualTypeOf<string>();
    expectTypeOf(typeOf({ type: 'number' })).toEqualTypeOf<number>();
    expectTypeOf(typeOf({ type: 'integer' })).toEqualTypeOf<number>();
    expectTypeOf(typeOf({ type: 'boolean' })).toEqualTypeOf<boolean>();
    expectTypeOf(typeOf({ type: 'null' })).toEqualTypeOf<null>();
    expectTypeOf(typeOf({ type: ['string', 'null'] })).toEqualTypeOf<string | null>();
  });

  it('knows values', () => {
    expectTypeOf(typeOf({ enum: ['a', 1, null] })).toEqualTypeOf<'a' | 1 | null>();
    expectTypeOf(typeOf({ type: 'string', enum: ['a', 'b'] })).toEqualTypeOf<'a' | 'b'>();
    expectTypeOf(typeOf({ const: 'a' })).toEqualTypeOf<'a'>();
    expectTypeOf(typeOf({ const: { a: [1] } })).toEqualTypeOf<{ a: [1] }>();
    expectTypeOf(typeOf({ anyOf: [{ type: 'string' }, { const: 3 }] })).toEqualTypeOf<string | 3>();
  });

  it('knows arrays and objects', () => {
    expectTypeOf(typeOf({ type: 'array' })).toEqualTypeOf<unknown[]>();
    expectTypeOf(typeOf({ type: 'array', items: { type: 'string' } })).toEqualTypeOf<string[]>();
    expectTypeOf(typeOf({ type: 'object' })).toEqualTypeOf<{ [key: string]: unknown }>();
    expectTypeOf(
      typeOf({ type: 'object', additionalProperties: { type: 'number' } }),
    ).toEqualTypeOf<{ [key: string]: number }>();
    expectTypeOf(
      typeOf({
        type: 'object',
        properties: {
          rows: {
            type: 'array',
            items: { type: 'object', properties: { id: { type: 'integer' } }, required: ['id'] },
          },
          note: { type: ['string', 'null'], description: 'what else' },
        },
        required: ['rows'],
        additionalProperties: false,
      }),
    ).toEqualTypeOf<{ rows: { id: number }[]; note?: string | null }>();
  });

  it('says nothing about what it does not know', () => {
    expectTypeOf(typeOf({ $ref: '#/$defs/a' })).toBeUnknown();
    expectTypeOf(typeOf({ type: 'brand_new' })).toBeUnknown();
    expectTypeOf<FromJsonSchema<{ type: string }>>().toBeUnknown();
    expectTypeOf<FromJsonSchema<JsonSchema>>().toBeUnknown();
  });
});

it('takes the types of a library from it', () => {
  expectTypeOf<OutputOf<typeof ZOD>>().toEqualTypeOf<{ city: string; days?: number | undefined }>();
  expectTypeOf<OutputOf<typeof VALIBOT>>().toEqualTypeOf<{
    city: string;
    days?: number | undefined;
  }>();
  expectTypeOf<OutputOf<typeof ARKTYPE>>().toEqualTypeOf<{ city: string; days?: number }>();
  expectTypeOf<OutputOf<typeof PLAIN>>().toEqualTypeOf<{ city: string; days?: number }>();
  expectTypeOf<InputOf<typeof ZOD>>().toExtend<Forecast>();
});
