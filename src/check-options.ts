import { AnthropicError } from './errors.js';
import { nearestName } from './nearest-name.js';

/** The names of the options in `O`. As a table, so that the compiler finds one that is missing. */
export type OptionNames<O> = Readonly<Record<keyof O, true>>;

/**
 * Refuses options that are not in the table: a misspelled one would be silently ignored. Options that
 * are undefined or null count as unset.
 * @throws AnthropicError that names the option, and the nearest known one.
 */
export function checkOptions(options: unknown, names: Readonly<Record<string, true>>): void {
  if (typeof options !== 'object' || options === null) {
    // It is not shown: it may be a key, as in new Anthropic('sk-…').
    throw new AnthropicError('options must be an object, such as { maxRetries: 3 }');
  }
  for (const [name, value] of Object.entries(options)) {
    if (value == null || Object.hasOwn(names, name)) continue;
    const known = Object.keys(names);
    const near = nearestName(name, known);
    throw new AnthropicError(
      `unknown option '${name}'${
        near ? `; did you mean '${near}'?` : `: the options are ${known.join(', ')}`
      }`,
    );
  }
}

/** The options that limit how much is accepted. */
const SIZES = ['maxEventBytes', 'maxMessageBytes'] as const;

/**
 * Refuses limits that aren't sizes: NaN would be no limit at all. Undefined means not given.
 * @throws AnthropicError
 */
export function checkSizes(
  options: Readonly<Partial<Record<(typeof SIZES)[number], unknown>>>,
): void {
  for (const name of SIZES) {
    const bytes = options[name];
    if (bytes === undefined || (typeof bytes === 'number' && bytes > 0)) continue;
    throw new AnthropicError(
      `${name} is ${String(bytes)}: pass a number of bytes above 0, or Infinity for the most that a string can hold`,
    );
  }
}
