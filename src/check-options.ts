import { AnthropicError } from './errors.js';
import { nameHint } from './name-hint.js';

/**
 * Checks the value of an option; undefined, which means not given, never reaches it.
 * @throws AnthropicError that says what to write instead.
 */
export type OptionCheck = (value: unknown, name: string) => void;

/** A check for each of the options in `O`. As a table, so that the compiler finds one that is missing. */
export type OptionChecks<O> = Readonly<Record<keyof O, OptionCheck>>;

/**
 * Refuses options that are not in the table, which would be silently ignored, and invalid values. Undefined
 * means not given; null doesn't: only an option that says so takes it.
 * @throws AnthropicError that names the option, and what to write instead.
 */
export function checkOptions(
  options: unknown,
  checks: Readonly<Record<string, OptionCheck>>,
): asserts options is object {
  if (typeof options !== 'object' || options === null) {
    // It is not shown: it may be a key, as in new Anthropic('sk-…').
    throw new AnthropicError('options must be an object, such as { maxRetries: 3 }');
  }
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue;
    if (Object.hasOwn(checks, name)) checks[name]?.(value, name);
    else if (value !== null) {
      const hint = nameHint(name, Object.keys(checks), 'options');
      throw new AnthropicError(`unknown option '${name}'${hint}`);
    }
  }
}

/**
 * A check by a test of the value.
 * @param advice what to write instead.
 */
export function must(test: (value: unknown) => boolean, advice: string): OptionCheck {
  return (value, name) => {
    if (!test(value)) throw new AnthropicError(`${name} is ${shown(value)}: ${advice}`);
  };
}

/** The same for an option that may contain a secret: its value is not shown. */
export function mustUnseen(test: (value: unknown) => boolean, advice: string): OptionCheck {
  return (value, name) => {
    if (!test(value)) throw new AnthropicError(`${name} is ${kindOf(value)}: ${advice}`);
  };
}

export const isString = (value: unknown): value is string => typeof value === 'string';
export const isFunction = (value: unknown): boolean => typeof value === 'function';
const isBoolean = (value: unknown): boolean => typeof value === 'boolean';

/** Whether a value is an object of names and values: no list, no Map, no Headers. */
export function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !(Symbol.iterator in value);
}

export const aBoolean: OptionCheck = must(isBoolean, 'pass true or false');

/** A limit in bytes: NaN would be no limit at all. */
export const aSize: OptionCheck = must(
  (value) => typeof value === 'number' && value > 0,
  'pass a number of bytes above 0, or Infinity for the most that a string can hold',
);

/** A number of retries: NaN would never be reached. */
export const aRetryCount: OptionCheck = must(
  (value) => value === Infinity || (Number.isInteger(value) && Number(value) >= 0),
  'give a whole number, such as 2, or 0 for no retries',
);

/** A value in a message: in one line, and short. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 80));
  if (typeof value === 'object' || typeof value === 'function') return kindOf(value);
  return String(value);
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return 'an array';
  return `${typeof value === 'object' ? 'an' : 'a'} ${typeof value}`;
}
