import { type ParseArgsConfig, parseArgs } from 'node:util';
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

/** @throws UsageError */
export function parseOptions<T extends OptionTable>(table: T, argv: readonly string[]): Parsed<T> {
  const { values, positionals } = parseArguments(table, argv);
  const parsed = Object.entries(table).map(([name, option]) => [
    name,
    parseValue(`--${name}`, option, values[name]),
  ]);
  return {
    values: Object.fromEntries(parsed) as Values<T>,
    operands: positionals,
    given: new Set(Object.keys(values)),
  };
}

type Written = string | boolean | (string | boolean)[] | undefined;

function parseArguments(
  table: OptionTable,
  argv: readonly string[],
): { values: { [name: string]: Written }; positionals: string[] } {
  try {
    return parseArgs({ args: [...argv], options: toConfig(table), allowPositionals: true });
  } catch (error) {
    // Node appends a long hint about arguments that start with a dash.
    throw new UsageError((error as Error).message.replace(/\. To specify a positional.*/s, ''));
  }
}

function toConfig(table: OptionTable): NonNullable<ParseArgsConfig['options']> {
  const options = Object.entries(table).map(([name, { type, short, multiple = false }]) => [
    name,
    {
      type: type === 'flag' ? 'boolean' : 'string',
      multiple,
      ...(short === undefined ? {} : { short }),
    },
  ]);
  return Object.fromEntries(options);
}

function parseValue(name: string, option: Option, written: Written): unknown {
  if (option.type === 'flag') return written === true;
  const value = written ?? option.default;
  const parse = PARSERS[option.type];
  const parseText = (text: string | boolean): unknown => {
    try {
      return parse(String(text));
    } catch (error) {
      throw new UsageError(`${name} is '${text}': ${(error as Error).message}`);
    }
  };
  if (option.multiple) return ((value ?? []) as string[]).map(parseText);
  return value === undefined ? undefined : parseText(value as string);
}
