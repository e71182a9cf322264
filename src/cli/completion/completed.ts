import type { Command } from '../command.js';
import { type Option, ungrouped } from '../options/option.js';
import { CLOCKS } from '../options/value-types.js';

/** What a shell can complete of a command: made from the tables that are parsed. */
export interface CompletedCommand {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly CompletedOption[];
  readonly operands: Offer;
}

export interface CompletedOption {
  /** `--model`, and `-m` where there is one. */
  readonly names: readonly string[];
  readonly help: string;
  /** Undefined: it takes no value. */
  readonly value: Offer | undefined;
}

/** What is offered in a place: files, folders, some words, or nothing. */
export type Offer = 'file' | 'dir' | readonly string[];

export function completed(commands: Readonly<Record<string, Command>>): CompletedCommand[] {
  return Object.entries(commands).map(([name, { summary, options, operands = [] }]) => ({
    name,
    summary,
    options: Object.entries(ungrouped(options)).map(completedOption),
    operands,
  }));
}

function completedOption([name, option]: [string, Option]): CompletedOption {
  const { short, help } = option;
  return {
    names: [`--${name}`, ...(short === undefined ? [] : [`-${short}`])],
    help,
    value: option.type === 'flag' ? undefined : offerFor(option.type),
  };
}

function offerFor(type: Option['type']): Offer {
  if (type === 'file' || type === 'dir') return type;
  return type === 'timeout' ? CLOCKS.map((clock) => `${clock}=`) : [];
}
