import type { OptionGroups, OptionTable, Ungrouped } from './options/option.js';
import type { Parsed } from './options/parse-options.js';
import type { Terminal } from './terminal.js';

/** A subcommand of `millrace`: what it does, what it takes, and what it says of itself. */
export interface Command {
  /** One line, for the list of commands. */
  readonly summary: string;
  /** What is written after `millrace`. */
  readonly usage: string;
  /** What one should know before the options. */
  readonly about: string;
  readonly options: OptionGroups;
  /** What a shell offers where no option is written: files, folders, one of some words. */
  readonly operands?: 'file' | 'dir' | readonly string[];
  readonly examples: readonly string[];
  /**
   * @param parsed what `options` say of the command line.
   * @returns the exit code.
   * @throws UsageError or AnthropicError (rejects)
   */
  run(parsed: Parsed<OptionTable>, terminal: Terminal): Promise<number>;
}

type Described<G extends OptionGroups> = Omit<Command, 'run' | 'options'> & {
  readonly options: G;
  run(parsed: Parsed<Ungrouped<G>>, terminal: Terminal): Promise<number>;
};

/** A command whose `run` gets the values of its own options. */
export function command<const G extends OptionGroups>({ run, ...about }: Described<G>): Command {
  return {
    ...about,
    run: (parsed, terminal) => run(parsed as unknown as Parsed<Ungrouped<G>>, terminal),
  };
}
