import type { JsonPath } from '../../src/json/path.js';

/** All values in a value with their paths, in the order in which their text ends. */
export function walk(value: unknown, path: JsonPath = []): [unknown, JsonPath][] {
  const inside =
    typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([key, child]) =>
          walk(child, [...path, Array.isArray(value) ? Number(key) : key]),
        )
      : [];
  return [...inside, [value, path]];
}
