import { AnthropicError } from '../errors.js';
import { isRecord } from '../json/is-record.js';
import { isThenable, thrownText } from '../thrown.js';
import { check } from './check.js';
import type { FromJsonSchema, JsonSchema } from './json-schema.js';
import { isStandardSchema, type StandardResult, type StandardSchema } from './standard-schema.js';

/** What describes a value: a Standard Schema that gives JSON Schema, or JSON Schema itself. */
// biome-ignore lint/suspicious/noExplicitAny: the types of a schema are inferred from it.
export type Schema = StandardSchema<any, any> | JsonSchema;

/** The type of what the model writes for a schema, before the schema changes anything. */
export type InputOf<S> = S extends { readonly '~standard': { readonly types?: infer Types } }
  ? Get<Types, 'input'>
  : FromJsonSchema<S>;

/** The type of what a schema makes of it. */
export type OutputOf<S> = S extends { readonly '~standard': { readonly types?: infer Types } }
  ? Get<Types, 'output'>
  : FromJsonSchema<S>;

type Get<Types, Key extends string> =
  NonNullable<Types> extends { readonly [K in Key]: infer Value } ? Value : unknown;

/**
 * The JSON Schema (draft 2020-12) of what the model is to write.
 * @param what names what the schema is for, in errors.
 * @throws AnthropicError where the schema gives none.
 */
export function jsonSchemaOf(schema: Schema, what: string): JsonSchema {
  if (!isStandardSchema(schema)) return plain(schema, what);
  const { vendor, jsonSchema } = schema['~standard'];
  if (typeof jsonSchema?.input !== 'function') {
    const remedy = REMEDIES.get(vendor) ?? 'write the JSON Schema itself, { type: … }';
    throw new AnthropicError(`the schema of ${what} gives no JSON Schema: ${remedy}`);
  }
  try {
    // The API takes no other dialect.
    const { $schema, ...rest } = jsonSchema.input({ target: 'draft-2020-12' });
    return rest;
  } catch (cause) {
    const why = thrownText(cause);
    throw new AnthropicError(`the schema of ${what} cannot be JSON Schema: ${why}`, { cause });
  }
}

/**
 * What a schema makes of a value, or why the value does not fit: a promise only where the schema returns one.
 * @throws AnthropicError (throws or rejects) where the schema throws, or returns something else.
 */
export function validate(
  schema: Schema,
  value: unknown,
): StandardResult<unknown> | Promise<StandardResult<unknown>> {
  if (!isStandardSchema(schema)) {
    const issues = check(schema, value);
    return issues.length === 0 ? { value } : { issues };
  }
  try {
    const returned = schema['~standard'].validate(value);
    if (!isThenable(returned)) return toResult(returned);
    return Promise.resolve(returned).then(toResult).catch(fail);
  } catch (cause) {
    return fail(cause);
  }
}

/** Transforms and refinements are the caller's code: they may return anything. */
function toResult(returned: StandardResult<unknown>): StandardResult<unknown> {
  const { issues } = returned;
  if (issues === undefined || issues === null) return { value: returned.value };
  if (!Array.isArray(issues)) throw new TypeError('its issues are not a list');
  return { issues };
}

function fail(cause: unknown): never {
  throw new AnthropicError(`the schema failed: ${thrownText(cause)}`, { cause });
}

/** By library: what to do where a schema gives no JSON Schema. */
const REMEDIES: ReadonlyMap<string, string> = new Map([
  ['zod', 'use zod 4.2 or newer'],
  ['valibot', "wrap it in toStandardJsonSchema(…) of '@valibot/to-json-schema'"],
  ['arktype', 'use arktype 2.1.28 or newer'],
]);

function plain(schema: unknown, what: string): JsonSchema {
  if (isRecord(schema)) return schema;
  const such = "{ type: 'object', properties: { … } }, or a schema of zod, valibot or arktype";
  throw new AnthropicError(`the schema of ${what} is ${kindOf(schema)}: give ${such}`);
}

function kindOf(value: unknown): string {
  if (value === undefined || value === null) return 'missing';
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}
