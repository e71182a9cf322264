import { AnthropicError } from './errors.js';

/** The names of the options in `O`. As a table, so that the compiler finds one that is missing. */
export type OptionNames<O> = Readonly<Record<keyof O, true>>;

/**
 * Refuses options that are not in the table: a misspelled one would be ignored in silence. Options
 * that are undefined count as not given.
 * @throws AnthropicError that names the option, and the known one that comes nearest.
 */
export function checkOptions(options: unknown, names: Readonly<Record<string, true>>): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    // Not the value itself: it may be a key, as in new Anthropic('sk-…').
    throw new AnthropicError(
      `options must be an object such as { maxRetries: 3 }, not ${kindOf(options)}`,
    );
  }
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined || Object.hasOwn(names, name)) continue;
    const known = Object.keys(names);
    const near = nearest(name, known);
    throw new AnthropicError(
      `unknown option '${name}'${
        near === undefined ? `: the options are ${known.join(', ')}` : `; did you mean '${near}'?`
      }`,
    );
  }
}

/**
 * The `maxEventBytes` option as it was given.
 * @throws AnthropicError where it is no size: NaN would be no limit at all.
 */
export function checkedEventBytes(maxEventBytes: number): number {
  if (typeof maxEventBytes === 'number' && maxEventBytes > 0) return maxEventBytes;
  throw new AnthropicError(
    `maxEventBytes is ${String(maxEventBytes)}: pass a number of bytes above 0, or Infinity for no limit`,
  );
}

/** The known name that is most like this one; undefined where none is like it. */
function nearest(name: string, known: readonly string[]): string | undefined {
  const wanted = name.toLowerCase();
  let best: string | undefined;
  let least = Infinity;
  for (const candidate of known) {
    const other = candidate.toLowerCase();
    const edits = isPart(wanted, other) ? 1 : distance(wanted, other);
    if (edits >= least || edits > Math.max(wanted.length, other.length) / 3) continue;
    best = candidate;
    least = edits;
  }
  return best;
}

/** Whether one name is the end or the start of the other, such as `headers` of `defaultHeaders`. */
function isPart(a: string, b: string): boolean {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  return short.length >= 4 && (long.startsWith(short) || long.endsWith(short));
}

/** How many letters must be added, dropped or replaced (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min((row[j] as number) + 1, (next[j - 1] as number) + 1, replaced));
    }
    row = next;
  }
  return row[b.length] as number;
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'an array' : `a ${typeof value}`;
}
