import type { FlattenedGroups, OptionGroups, OptionTable } from './options/option.js';
import type { Parsed } from './options/parse-options.js';
import type { Terminal } from './terminal.js';

/** The command that runs if the command line names none. */
export const DEFAULT_COMMAND = 'stream';

/** A subcommand of `millrace`: its options, its help and what it does. */
export interface Command {
  /** One line, for the list of commands. */
  readonly summary: string;
  /** What to write after `millrace`. */
  readonly usage: string;
  /** What to know before the options. */
  readonly about: string;
  readonly options: OptionGroups;
  /** What a shell suggests for operands: files, folders or one of some words. */
  readonly operands?: 'file' | 'dir' | readonly string[];
  readonly examples: readonly string[];
  /**
   * @param parsed the command line, parsed by `options`.
   * @returns the exit code.
   * @throws UsageError or AnthropicError (rejects)
   */
  run(parsed: Parsed<OptionTable>, terminal: Terminal): Promise<number>;
}

type Definition<G extends OptionGroups> = Omit<Command, 'run' | 'options'> & {
  readonly options: G;
  run(parsed: Parsed<FlattenedGroups<G>>, terminal: Terminal): Promise<number>;
};

/** A command whose `run` gets the values of its own options. */
export function command<const G extends OptionGroups>({ run, ...rest }: Definition<G>): Command {
  return {
    ...rest,
    run: (parsed, terminal) => run(parsed as unknown as Parsed<FlattenedGroups<G>>, terminal),
  };
}
