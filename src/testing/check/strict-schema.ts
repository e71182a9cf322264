import { problem } from './rules.js';

type Schema = Readonly<Record<string, unknown>>;

/**
 * What the API refuses in the schema of a structured output or a strict tool: open objects, and limits
 * that it can't enforce while the model writes.
 * @param path of the schema, as the API names it.
 */
export function checkSchema(schema: unknown, path: string): string | undefined {
  const waiting: unknown[] = [schema];
  for (let at = 0; at < waiting.length; at++) {
    const one = waiting[at];
    if (typeof one !== 'object' || one === null) continue;
    const wrong = checkKeywords(one as Schema);
    if (wrong !== undefined) return problem(path, wrong);
    waiting.push(...toSubschemas(one as Schema));
  }
  return undefined;
}

function* toSubschemas(schema: Schema): Generator<unknown> {
  for (const name of ['properties', '$defs', 'definitions']) {
    yield* Object.values((schema[name] ?? {}) as object);
  }
  for (const name of ['anyOf', 'oneOf', 'allOf', 'prefixItems']) {
    if (Array.isArray(schema[name])) yield* schema[name];
  }
  yield schema.items;
}

/** By type, the keywords that the API names when it refuses them. */
const UNSUPPORTED: Readonly<Record<string, readonly string[]>> = {
  array: ['contains', 'maxItems', 'uniqueItems'],
  integer: ['exclusiveMaximum', 'exclusiveMinimum', 'maximum', 'minimum', 'multipleOf'],
  number: ['exclusiveMaximum', 'exclusiveMinimum', 'maximum', 'minimum', 'multipleOf'],
  object: ['maxProperties', 'minProperties', 'patternProperties', 'propertyNames'],
  string: ['maxLength', 'minLength'],
};

function checkKeywords(schema: Schema): string | undefined {
  const types = [schema.type].flat().filter((type) => typeof type === 'string') as string[];
  for (const type of types) {
    if (type === 'object' && schema.additionalProperties !== false) {
      return "For 'object' type, 'additionalProperties' must be explicitly set to false";
    }
    const found = UNSUPPORTED[type]?.filter((name) => name in schema) ?? [];
    if (found.length > 1) {
      return `For '${type}' type, properties ${found.join(', ')} are not supported`;
    }
    if (found.length === 1) return `For '${type}' type, property '${found[0]}' is not supported`;
    if (type === 'array' && ![undefined, 0, 1].includes(schema.minItems as number)) {
      return "For 'array' type, 'minItems' values other than 0 or 1 are not supported";
    }
  }
  return undefined;
}
