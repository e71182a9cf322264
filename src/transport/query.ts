import { isPlain, must, mustUnseen, type OptionCheck } from '../check-options.js';

/** Fields to add to the query of a URL; null removes one of the client. */
export type QueryOptions = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** Layers as the query of a URL, with its `?`; a later layer overrides an earlier one. */
export function toQuery(...layers: (QueryOptions | undefined)[]): string {
  const fields = new Map<string, string>();
  for (const layer of layers) {
    for (const [name, value] of Object.entries(layer ?? {})) {
      if (value === null) fields.delete(name);
      else if (value !== undefined) fields.set(name, String(value));
    }
  }
  return fields.size === 0 ? '' : `?${new URLSearchParams([...fields])}`;
}

/** The check of an option whose value is a query. */
export const aQuery: OptionCheck = (value, name) => {
  isObject(value, name);
  for (const [field, each] of Object.entries(value as object)) aField(each, `${name}.${field}`);
};

const isObject = must(isPlain, "pass an object of names and values, such as { trace: 'on' }");

const KINDS: ReadonlySet<string> = new Set(['string', 'number', 'boolean', 'undefined']);

const aField = mustUnseen(
  (value) => value === null || KINDS.has(typeof value),
  'pass a string, a number or a boolean, or null to leave it out',
);
