import { isPlain, must, mustUnseen, type OptionCheck } from '../check-options.js';

/** Headers to add; null removes a default. Names in any case. */
export type HeaderOptions = Readonly<Record<string, string | null | undefined>>;

/** Layers as headers, with names in lower case; a later layer overrides an earlier one. */
export function mergeHeaders(...layers: (HeaderOptions | undefined)[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const layer of layers) {
    for (const [name, value] of Object.entries(layer ?? {})) {
      if (value === null) delete headers[name.toLowerCase()];
      else if (value !== undefined) headers[name.toLowerCase()] = value;
    }
  }
  return headers;
}

/** The check of an option whose value is headers. */
export const someHeaders: OptionCheck = (value, name) => {
  isObject(value, name);
  for (const [header, each] of Object.entries(value as object)) {
    aHeader(each, `${name}[${JSON.stringify(header.slice(0, 80))}]`);
  }
};

const isObject = must(isPlain, "pass an object of names and values, such as { 'x-trace': 'on' }");

const KINDS: ReadonlySet<string> = new Set(['string', 'undefined']);

const aHeader = mustUnseen(
  (value) => value === null || KINDS.has(typeof value),
  'pass a string, or null to remove the header',
);
