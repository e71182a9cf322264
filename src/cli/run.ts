import { readFile } from 'node:fs/promises';
import { AnthropicError } from '../index.js';
import { type Command, DEFAULT_COMMAND } from './command.js';
import { COMMANDS } from './commands.js';
import { DONE, getExitCode, USAGE } from './exit-codes.js';
import { toHelpText } from './help.js';
import { flattenGroups } from './options/option.js';
import { parseOptions } from './options/parse-options.js';
import type { Terminal } from './terminal.js';
import { UsageError } from './usage-error.js';

/** Runs the command. Resolves with the exit code. */
export async function run(argv: readonly string[], terminal: Terminal): Promise<number> {
  const [word = '', ...rest] = argv;
  const isNamed = Object.hasOwn(COMMANDS, word);
  const name = isNamed ? word : DEFAULT_COMMAND;
  const command = COMMANDS[name] as Command;
  try {
    const parsed = parseOptions(flattenGroups(command.options), isNamed ? rest : argv);
    const { help, version } = parsed.values;
    if (help) {
      return print(toHelpText(command, name === DEFAULT_COMMAND ? COMMANDS : undefined), terminal);
    }
    if (version) return print(`${await readVersion()}\n`, terminal);
    return await command.run(parsed, terminal);
  } catch (error) {
    return reportFailure(error, isNamed ? `millrace ${name}` : 'millrace', terminal);
  }
}

async function readVersion(): Promise<string> {
  // A package can resolve its own name, wherever its files are.
  const file = new URL(import.meta.resolve('millrace/package.json'));
  return JSON.parse(await readFile(file, 'utf8')).version;
}

function print(text: string, { stdout }: Terminal): number {
  stdout.write(text);
  return DONE;
}

function reportFailure(error: unknown, command: string, { stderr }: Terminal): number {
  if (error instanceof UsageError) {
    stderr.write(`millrace: ${error.message}\nRun ${command} --help for usage.\n`);
    return USAGE;
  }
  if (!(error instanceof AnthropicError)) throw error;
  stderr.write(`millrace: ${error.name}: ${error.message}\n`);
  return getExitCode(error);
}
