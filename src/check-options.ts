import { AnthropicError } from './errors.js';

/** The names of the options in `O`. As a table, so that the compiler finds one that is missing. */
export type OptionNames<O> = Readonly<Record<keyof O, true>>;

/**
 * Refuses options that are not in the table: a misspelled one would be ignored in silence. Options
 * that are undefined or null count as not given.
 * @throws AnthropicError that names the option, and the known one that comes nearest.
 */
export function checkOptions(options: unknown, names: Readonly<Record<string, true>>): void {
  if (typeof options !== 'object' || options === null) {
    // It is not shown: it may be a key, as in new Anthropic('sk-…').
    throw new AnthropicError('options must be an object, such as { maxRetries: 3 }');
  }
  for (const [name, value] of Object.entries(options)) {
    if (value == null || Object.hasOwn(names, name)) continue;
    const known = Object.keys(names);
    const near = nearest(name, known);
    throw new AnthropicError(
      `unknown option '${name}'${
        near ? `; did you mean '${near}'?` : `: the options are ${known.join(', ')}`
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
  // At most half of the longer name may differ, so `headers` is like `defaultHeaders`.
  let least = 0.5;
  let best: string | undefined;
  for (const candidate of known) {
    const share = distance(name.toLowerCase(), candidate.toLowerCase());
    if (share > least || (share === least && best !== undefined)) continue;
    least = share;
    best = candidate;
  }
  return best;
}

/**
 * How much of the longer name differs: what is between the start and the end that both have. That is an
 * edit distance for one place that is misspelled, in a tenth of the code.
 */
function distance(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let same = 0;
  while (same < most && a[same] === b[same]) same++;
  const start = same;
  while (same < most && a.at(start - same - 1) === b.at(start - same - 1)) same++;
  return 1 - same / Math.max(a.length, b.length);
}
