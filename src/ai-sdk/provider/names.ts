import { isRecord } from '../../json/is-record.js';

/** A value with the names of all its fields as the API has them: `maxUses` is `max_uses`. */
export function toSnake(value: unknown): unknown {
  return renamed(value, (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
}

/** The same as the AI SDK has them. */
export function toCamel(value: unknown): unknown {
  return renamed(value, (name) => name.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase()));
}

function renamed(value: unknown, rename: (name: string) => string): unknown {
  if (Array.isArray(value)) return value.map((item) => renamed(item, rename));
  if (!isRecord(value)) return value;
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(fields.map(([name, field]) => [rename(name), renamed(field, rename)]));
}

/** What a part, a message or a call says for Anthropic's API, under the name that the AI SDK's own provider uses. */
export function anthropicOf(options: unknown): Record<string, unknown> {
  const { anthropic } = (options ?? {}) as { anthropic?: unknown };
  return isRecord(anthropic) ? anthropic : {};
}

/** The `cache_control` that parts, messages and tools may have. */
export function cacheControl(...options: unknown[]): { cache_control?: unknown } {
  for (const each of options) {
    const { cacheControl, cache_control = cacheControl } = anthropicOf(each);
    if (cache_control !== undefined) return { cache_control };
  }
  return {};
}
