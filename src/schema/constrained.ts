import type { JsonSchema } from './json-schema.js';

/**
 * A JSON Schema as the API takes it where it holds the model to it (`output_config.format`, `strict`
 * tools): every object closed, `oneOf` as `anyOf`, and limits that it cannot enforce told to the model
 * in the description instead. The schema's own library still checks them.
 */
export function constrained(schema: JsonSchema): JsonSchema {
  const result: Record<string, unknown> = {};
  const limits: string[] = [];
  for (const [keyword, value] of Object.entries(schema)) {
    if (isEnforced(keyword, value)) {
      result[keyword === 'oneOf' ? 'anyOf' : keyword] = within.get(keyword)?.(value) ?? value;
    } else limits.push(`${keyword}: ${JSON.stringify(value)}`);
  }
  if ([schema.type].flat().includes('object')) result.additionalProperties ??= false;
  if (limits.length > 0) {
    const told = `{${limits.join(', ')}}`;
    result.description = schema.description ? `${schema.description}\n\n${told}` : told;
  }
  return result;
}

function isEnforced(keyword: string, value: unknown): boolean {
  if (keyword === 'format') return FORMATS.has(String(value));
  if (keyword === 'minItems') return value === 0 || value === 1;
  return !LIMITS.has(keyword);
}

const LIMITS: ReadonlySet<string> = new Set([
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'maxItems',
  'uniqueItems',
  'minProperties',
  'maxProperties',
]);

const FORMATS: ReadonlySet<string> = new Set([
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

const one = (schema: unknown): unknown =>
  typeof schema === 'object' && schema !== null ? constrained(schema as JsonSchema) : schema;
const list = (schemas: unknown): unknown => (schemas as readonly unknown[]).map(one);
const byName = (schemas: unknown): unknown =>
  Object.fromEntries(
    Object.entries(schemas as object).map(([name, schema]) => [name, one(schema)]),
  );

/** The keywords that hold schemas. */
const within: ReadonlyMap<string, (value: unknown) => unknown> = new Map(
  Object.entries({
    properties: byName,
    $defs: byName,
    items: one,
    additionalProperties: one,
    anyOf: list,
    oneOf: list,
    allOf: list,
    prefixItems: list,
  }),
);
