import { isRecord } from '../json/is-record.js';
import type { JsonSchema } from './json-schema.js';
import type { SchemaIssue } from './standard-schema.js';

type Path = readonly (string | number)[];

/**
 * What keeps a value from fitting a JSON Schema; nothing where it fits.
 *
 * Only the structure is checked: `type`, `enum`, `const`, `anyOf`, `required`, `properties`,
 * `additionalProperties` and `items`. Other keywords, such as `minimum`, `pattern` and `$ref`, hold
 * for the model only.
 */
export function check(schema: unknown, value: unknown, path: Path = []): SchemaIssue[] {
  if (schema === false) return [{ message: 'is not allowed', path }];
  if (!isRecord(schema)) return [];
  return Object.keys(schema).flatMap(
    (keyword) => keywords.get(keyword)?.(schema, value, path) ?? [],
  );
}

type Keyword = (schema: JsonSchema, value: unknown, path: Path) => SchemaIssue[];

const keywords: ReadonlyMap<string, Keyword> = new Map<string, Keyword>(
  Object.entries<Keyword>({
    type: ({ type }, value, path) => {
      const allowed = (Array.isArray(type) ? type : [type]).map(String);
      if (allowed.some((name) => types.get(name)?.(value) ?? true)) return [];
      return [{ message: `must be of type ${allowed.join(' or ')}, not ${typeOf(value)}`, path }];
    },

    enum: ({ enum: allowed }, value, path) =>
      !Array.isArray(allowed) || allowed.some((one) => isEqual(one, value))
        ? []
        : [
            {
              message: `must be one of ${allowed.map((one) => JSON.stringify(one)).join(', ')}`,
              path,
            },
          ],

    const: ({ const: wanted }, value, path) =>
      isEqual(wanted, value) ? [] : [{ message: `must be ${JSON.stringify(wanted)}`, path }],

    anyOf: ({ anyOf: choices }, value, path) =>
      !Array.isArray(choices) || choices.some((one) => check(one, value, path).length === 0)
        ? []
        : [{ message: `must fit one of ${choices.length} schemas, and fits none`, path }],

    required: ({ required }, value, path) =>
      isRecord(value) && Array.isArray(required)
        ? required
            .filter((key) => !Object.hasOwn(value, key))
            .map((key) => ({ message: 'is missing', path: [...path, key] }))
        : [],

    properties: ({ properties }, value, path) =>
      isRecord(value) && isRecord(properties)
        ? Object.entries(properties)
            .filter(([key]) => Object.hasOwn(value, key))
            .flatMap(([key, one]) => check(one, value[key], [...path, key]))
        : [],

    additionalProperties: ({ additionalProperties, properties }, value, path) =>
      isRecord(value)
        ? Object.keys(value)
            .filter((key) => !isRecord(properties) || !Object.hasOwn(properties, key))
            .flatMap((key) => check(additionalProperties, value[key], [...path, key]))
        : [],

    items: ({ items }, value, path) =>
      Array.isArray(value)
        ? value.flatMap((element, index) => check(items, element, [...path, index]))
        : [],
  }),
);

const types: ReadonlyMap<string, (value: unknown) => boolean> = new Map(
  Object.entries({
    string: (value: unknown) => typeof value === 'string',
    number: (value: unknown) => typeof value === 'number',
    integer: Number.isInteger,
    boolean: (value: unknown) => typeof value === 'boolean',
    null: (value: unknown) => value === null,
    array: Array.isArray,
    object: isRecord,
  }),
);

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

/** Of values that JSON has. */
function isEqual(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  const keys = Object.keys(a);
  return (
    Array.isArray(a) === Array.isArray(b) &&
    keys.length === Object.keys(b).length &&
    keys.every(
      (key) =>
        Object.hasOwn(b, key) &&
        isEqual((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]),
    )
  );
}
