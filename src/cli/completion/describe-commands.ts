import type { Command } from '../command.js';
import { flattenGroups, type Option } from '../options/option.js';
import { CLOCKS } from '../options/value-types.js';

/** What a shell can complete for a command, derived from the tables of the parser. */
export interface CommandDescription {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly OptionDescription[];
  readonly operands: Suggestions;
}

export interface OptionDescription {
  /** `--model`, and `-m` if there is one. */
  readonly names: readonly string[];
  readonly help: string;
  /** Undefined if the option takes no value. */
  readonly value: Suggestions | undefined;
}

/** What a shell suggests: files, folders, some words or nothing. */
export type Suggestions = 'file' | 'dir' | readonly string[];

export function describeCommands(
  commands: Readonly<Record<string, Command>>,
): CommandDescription[] {
  return Object.entries(commands).map(([name, { summary, options, operands = [] }]) => ({
    name,
    summary,
    options: Object.entries(flattenGroups(options)).map(describeOption),
    operands,
  }));
}

function describeOption([name, option]: [string, Option]): OptionDescription {
  const { short, help } = option;
  return {
    names: [`--${name}`, ...(short === undefined ? [] : [`-${short}`])],
    help,
    value: option.type === 'flag' ? undefined : getSuggestions(option.type),
  };
}

function getSuggestions(type: Option['type']): Suggestions {
  if (type === 'file' || type === 'dir') return type;
  return type === 'timeout' ? CLOCKS.map((clock) => `${clock}=`) : [];
}
