import { type ParseArgsConfig, parseArgs } from 'node:util';
import { UsageError } from '../usage-error.js';
import type { Option, OptionTable, Values } from './option.js';
import { PARSERS } from './value-types.js';

/** A command line in its parts. */
export interface Parsed<T extends OptionTable> {
  values: Values<T>;
  /** What is no option, in the order it was written. */
  operands: string[];
}

/** @throws UsageError */
export function parseOptions<T extends OptionTable>(table: T, argv: readonly string[]): Parsed<T> {
  const { values, positionals } = parsed(table, argv);
  const read = Object.entries(table).map(([name, option]) => [
    name,
    readValue(`--${name}`, option, values[name]),
  ]);
  return { values: Object.fromEntries(read) as Values<T>, operands: positionals };
}

type Written = string | boolean | (string | boolean)[] | undefined;

function parsed(
  table: OptionTable,
  argv: readonly string[],
): { values: { [name: string]: Written }; positionals: string[] } {
  try {
    return parseArgs({ args: [...argv], options: configOf(table), allowPositionals: true });
  } catch (error) {
    // Node goes on about arguments that start with a dash.
    throw new UsageError((error as Error).message.replace(/\. To specify a positional.*/s, ''));
  }
}

function configOf(table: OptionTable): NonNullable<ParseArgsConfig['options']> {
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

function readValue(name: string, option: Option, written: Written): unknown {
  if (option.type === 'flag') return written === true;
  const given = written ?? option.default;
  const parse = PARSERS[option.type];
  const read = (text: string | boolean): unknown => {
    try {
      return parse(String(text));
    } catch (error) {
      throw new UsageError(`${name} is '${text}': ${(error as Error).message}`);
    }
  };
  if (option.multiple) return ((given ?? []) as string[]).map(read);
  return given === undefined ? undefined : read(given as string);
}
