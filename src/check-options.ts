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

/**
 * The `maxEventBytes` option, checked.
 * @throws AnthropicError where it isn't a size: NaN would be no limit at all.
 */
export function checkedEventBytes(maxEventBytes: number): number {
  if (typeof maxEventBytes === 'number' && maxEventBytes > 0) return maxEventBytes;
  throw new AnthropicError(
    `maxEventBytes is ${String(maxEventBytes)}: pass a number of bytes above 0, or Infinity for no limit`,
  );
}
