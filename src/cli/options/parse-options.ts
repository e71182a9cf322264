import { type ParseArgsConfig, parseArgs } from 'node:util';
import { guessName } from '../guess-name.js';
import { UsageError } from '../usage-error.js';
import type { Option, OptionTable, Values } from './option.js';
import { PARSERS } from './value-types.js';

/** A parsed command line. */
export interface Parsed<T extends OptionTable> {
  values: Values<T>;
  /** The options that the command line has. */
  given: ReadonlySet<string>;
  /** The arguments that aren't options, in order. */
  operands: string[];
}

/** What an option is unless the command line has it. */
export interface Setting {
  readonly value: unknown;
  /** Where it stands, for error messages. */
  readonly source: string;
}

/** Settings by the names of their options. */
export type Settings = Readonly<Record<string, Setting>>;

/**
 * @param settings in place of the defaults of the table.
 * @throws UsageError
 */
export function parseOptions<T extends OptionTable>(
  table: T,
  argv: readonly string[],
  settings: Settings = {},
): Parsed<T> {
  const { values, positionals } = parseArguments(table, argv);
  const parsed = Object.entries(table).map(([name, option]) => {
    const isOff = option.type === 'flag' && values[`no-${name}`] === true;
    const written = isOff ? false : values[name];
    if (written !== undefined) return [name, parseValue(`--${name}`, option, written)];
    const { value, source } = settings[name] ?? { value: option.default, source: `--${name}` };
    return [name, parseValue(source, option, value)];
  });
  return {
    values: Object.fromEntries(parsed) as Values<T>,
    operands: positionals,
    given: new Set(Object.keys(values)),
  };
}

function parseArguments(
  table: OptionTable,
  argv: readonly string[],
): { values: { [name: string]: unknown }; positionals: string[] } {
  try {
    return parseArgs({ args: [...argv], options: toConfig(table), allowPositionals: true });
  } catch (error) {
    // Node appends a long hint about arguments that start with a dash.
    const message = (error as Error).message.replace(/\. To specify a positional.*/s, '');
    const [, unknown = ''] = /^Unknown option '--([^']*)'/.exec(message) ?? [];
    const guess = guessName(unknown, Object.keys(table));
    throw new UsageError(guess === undefined ? message : `${message}; did you mean --${guess}?`);
  }
}

/** A flag can be turned off, too: settings can turn it on. */
function toConfig(table: OptionTable): NonNullable<ParseArgsConfig['options']> {
  const options = Object.entries(table).map(([name, { type, short, multiple = false }]) => [
    name,
    {
      type: type === 'flag' ? 'boolean' : 'string',
      multiple,
      ...(short === undefined ? {} : { short }),
    },
  ]);
  const negated = Object.entries(table)
    .filter(([name, { type }]) => type === 'flag' && !name.startsWith('no-'))
    .map(([name]) => [`no-${name}`, { type: 'boolean' }]);
  return { ...Object.fromEntries(negated), ...Object.fromEntries(options) };
}

/** @param source where the value stands. */
function parseValue(source: string, option: Option, value: unknown): unknown {
  if (option.type === 'flag') return parseFlag(source, value ?? false);
  const parse = PARSERS[option.type];
  const parseText = (text: unknown): unknown => {
    try {
      return parse(String(text));
    } catch (error) {
      throw new UsageError(`${source} is '${text}': ${(error as Error).message}`);
    }
  };
  if (option.multiple) return [value ?? []].flat().map(parseText);
  return value === undefined ? undefined : parseText(value);
}

const FLAGS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
]);

function parseFlag(source: string, value: unknown): boolean {
  const flag = FLAGS.get(String(value));
  if (flag !== undefined) return flag;
  throw new UsageError(`${source} is '${value}': give true or false`);
}
