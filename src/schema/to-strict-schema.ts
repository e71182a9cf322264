import { isRecord } from '../json/is-record.js';
import type { JsonSchema } from './json-schema.js';

/**
 * A JSON Schema as the API accepts it where it holds the model to it (`output_config.format`, `strict`
 * tools). The API documents a subset: what is not in it moves into the description, where the model reads
 * it, and the schema's own library still checks it. Objects are closed, tuples become lists of any of
 * their items, `oneOf` becomes `anyOf`.
 */
export function toStrictSchema(schema: JsonSchema): JsonSchema {
  const strict: Record<string, unknown> = {};
  const told: string[] = [];
  for (const [keyword, value] of Object.entries(schema)) {
    const kept = keep.get(keyword)?.(value, schema);
    if (kept === undefined) {
      if (!UNTOLD.has(keyword)) told.push(`${keyword}: ${JSON.stringify(value)}`);
    } else Object.assign(strict, kept);
  }
  if (isObject(schema)) strict.additionalProperties = false;
  if (told.length > 0) {
    const limits = `{${told.join(', ')}}`;
    strict.description = schema.description ? `${schema.description}\n\n${limits}` : limits;
  }
  return strict;
}

/** What is meant for tools, not for the model. */
const UNTOLD: ReadonlySet<string> = new Set(['$schema', '$id', '$comment', '~standard']);

/** What the API enforces of strings by `format`. */
const FORMATS: ReadonlySet<unknown> = new Set([
  'date-time',
  'time',
  'date',
  'duration',
  'email',
  'hostname',
  'uri',
  'ipv4',
  'ipv6',
  'uuid',
]);

/** Lookaround, back references and word boundaries are not in the API's regular expressions. */
const UNSUPPORTED_PATTERN = /\(\?[=!<]|\\[1-9]|\\k<|\\b/i;

/** @param schema where the keyword stands. */
type Keep = (value: unknown, schema: JsonSchema) => Record<string, unknown> | undefined;

const asIt =
  (name: string): Keep =>
  (value) => ({ [name]: value });

const one = (schema: unknown): unknown =>
  isRecord(schema) ? toStrictSchema(schema as JsonSchema) : schema;
const list = (schemas: unknown): unknown[] => (Array.isArray(schemas) ? schemas.map(one) : []);
const byName = (schemas: unknown): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(schemas as object).map(([name, schema]) => [name, one(schema)]),
  );

/** Keyword → what it is in a strict schema; undefined where the API does not take it. */
const keep: ReadonlyMap<string, Keep> = new Map<string, Keep>([
  ...['type', 'enum', 'const', 'required', 'title', 'description', 'default', '$ref'].map(
    (name): [string, Keep] => [name, asIt(name)],
  ),
  ['properties', (value) => ({ properties: byName(value) })],
  ['$defs', (value) => ({ $defs: byName(value) })],
  ['definitions', (value) => ({ definitions: byName(value) })],
  ['anyOf', (value) => ({ anyOf: list(value) })],
  // The place of both is one: the description has the other.
  ['oneOf', (value, { anyOf }) => (anyOf === undefined ? { anyOf: list(value) } : undefined)],
  ['allOf', (value) => ({ allOf: list(value) })],
  // A tuple's items are those after its first ones.
  [
    'items',
    (value, { prefixItems }) => {
      if (!isRecord(value)) return undefined;
      return prefixItems === undefined ? { items: one(value) } : {};
    },
  ],
  [
    'prefixItems',
    (value, { items }) => ({
      items: { anyOf: isRecord(items) ? [...list(value), one(items)] : list(value) },
    }),
  ],
  ['additionalProperties', (value) => (value === false ? {} : undefined)],
  ['format', (value) => (FORMATS.has(value) ? { format: value } : undefined)],
  ['minItems', (value) => (value === 0 || value === 1 ? { minItems: value } : undefined)],
  [
    'pattern',
    (value) => (UNSUPPORTED_PATTERN.test(String(value)) ? undefined : { pattern: value }),
  ],
]);

function isObject({ type }: JsonSchema): boolean {
  return [type].flat().includes('object');
}
