import { isPlain, must, mustUnseen, type OptionCheck } from '../check-options.js';

/** Fields to add to the query of a URL; null removes one of the client. */
export type QueryOptions = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** The same, and lists, which the API takes as `name[]=a&name[]=b`. */
export type QueryFields = Readonly<Record<string, QueryOptions[string] | readonly string[]>>;

/**
 * A query with fields added, each with the `?` of a URL, or ''.
 * @param fields override fields of the same name; null removes them.
 */
export function withQuery(query: string, fields: QueryFields = {}): string {
  const all = new URLSearchParams(query);
  for (const [name, value] of Object.entries(fields)) {
    if (value === null) all.delete(name);
    else if (typeof value === 'object') for (const each of value) all.append(`${name}[]`, each);
    else if (value !== undefined) all.set(name, String(value));
  }
  const text = String(all);
  return text === '' ? '' : `?${text}`;
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
